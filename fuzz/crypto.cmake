mullion_fuzz(certificate SOURCE certificate.cc USES crypto)
mullion_fuzz(keyed_certificate SOURCE keyed_certificate.cc USES crypto)
