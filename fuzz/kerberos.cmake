mullion_fuzz(kerberos_accept SOURCE kerberos_accept.cc USES kerberos kdc)
# The recording is of its own time of day (tests/kdc/shifted_clock.h).
set_target_properties(fuzz_kerberos_accept PROPERTIES ENABLE_EXPORTS ON)
mullion_fuzz(keytab SOURCE keytab.cc USES kerberos)
