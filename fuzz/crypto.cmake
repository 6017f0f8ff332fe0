mullion_fuzz(certificate SOURCE certificate.cc USES crypto)
