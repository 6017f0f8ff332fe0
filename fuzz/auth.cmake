mullion_fuzz(basic_token SOURCE basic_token.cc USES auth)
