mullion_fuzz(spnego_messages SOURCE spnego_messages.cc USES spnego)
mullion_fuzz(spnego_negotiation SOURCE spnego_negotiation.cc USES spnego)
target_sources(fuzz_spnego_negotiation PRIVATE ${CMAKE_SOURCE_DIR}/src/spnego/tests/fakes.cc)
