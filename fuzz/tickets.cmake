mullion_fuzz(srv_answer SOURCE srv_answer.cc USES tickets)
mullion_fuzz(kdc_answer SOURCE kdc_answer.cc USES kerberos)
