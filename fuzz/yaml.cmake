mullion_fuzz(yaml SOURCE yaml.cc USES yaml)
