mullion_fuzz(credssp_messages SOURCE credssp_messages.cc USES credssp)
mullion_fuzz(credssp_exchange SOURCE credssp_exchange.cc USES credssp ntlm spnego)
target_include_directories(fuzz_credssp_exchange PRIVATE ${CMAKE_SOURCE_DIR}/tests/credssp_logon)
