mullion_fuzz(challenge SOURCE challenge.cc USES http)
mullion_fuzz(media_type SOURCE media_type.cc USES http)
mullion_fuzz(encrypted SOURCE encrypted.cc USES http)
mullion_fuzz(http_date SOURCE http_date.cc USES http)
