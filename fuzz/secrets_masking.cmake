mullion_fuzz(masking SOURCE masking.cc USES secrets)
