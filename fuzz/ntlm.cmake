mullion_fuzz(ntlm_messages SOURCE ntlm_messages.cc USES ntlm)
mullion_fuzz(ntlm_initiator SOURCE ntlm_initiator.cc USES ntlm)
