mullion_fuzz(spnego_messages SOURCE spnego_messages.cc USES spnego)
