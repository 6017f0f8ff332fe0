mullion_fuzz(service_config SOURCE service_config.cc USES service)
