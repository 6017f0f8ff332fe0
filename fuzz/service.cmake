mullion_fuzz(service_config SOURCE service_config.cc USES state)
mullion_fuzz(service_requests SOURCE service_requests.cc USES service)
target_sources(fuzz_service_requests PRIVATE ${CMAKE_SOURCE_DIR}/src/service/tests/scripted_backend.cc)
