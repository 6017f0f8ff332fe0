mullion_fuzz(ntlm_messages SOURCE ntlm_messages.cc USES ntlm)
