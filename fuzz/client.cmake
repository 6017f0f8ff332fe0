mullion_fuzz(hints SOURCE hints.cc USES client)
