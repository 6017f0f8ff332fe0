mullion_fuzz(gss_accept SOURCE gss_accept.cc USES gss)
