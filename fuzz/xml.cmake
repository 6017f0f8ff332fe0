mullion_fuzz(xml SOURCE xml.cc USES xml)
