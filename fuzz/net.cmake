mullion_fuzz(http_request SOURCE http_request.cc USES net)
mullion_fuzz(http_response SOURCE http_response.cc USES net)
