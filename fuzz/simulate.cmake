mullion_fuzz(fleet_file SOURCE fleet_file.cc USES simulate)
