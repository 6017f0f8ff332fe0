mullion_fuzz(ntlm_messages SOURCE ntlm_messages.cc USES ntlm)
mullion_fuzz(ntlm_initiator SOURCE ntlm_initiator.cc USES ntlm)
mullion_fuzz(ntlm_accept SOURCE ntlm_accept.cc USES ntlm spnego)
