mullion_fuzz(exporter_config SOURCE exporter_config.cc USES exporter)
