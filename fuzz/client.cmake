mullion_fuzz(hints SOURCE hints.cc USES client)
mullion_fuzz(config_path SOURCE config_path.cc USES client)
