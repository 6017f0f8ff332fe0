mullion_fuzz(ntlm_messages SOURCE ntlm_messages.cc USES gss)
mullion_fuzz(spnego_messages SOURCE spnego_messages.cc USES gss)
mullion_fuzz(gss_accept SOURCE gss_accept.cc USES gss)
