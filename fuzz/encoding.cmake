mullion_fuzz(base64 SOURCE base64.cc USES encoding)
mullion_fuzz(utf SOURCE utf.cc USES encoding)
mullion_fuzz(der SOURCE der.cc USES encoding)
