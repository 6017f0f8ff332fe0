mullion_fuzz(wsman_request SOURCE wsman_request.cc USES wsman)
mullion_fuzz(wsman_response SOURCE wsman_response.cc USES wsman)
mullion_fuzz(wsman_duration SOURCE wsman_duration.cc USES wsman)
# What the recordings are replayed with: read, then written again.
foreach(target fuzz_wsman_request fuzz_wsman_response)
  target_sources(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests/recordings/meaning.cc)
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
endforeach()
