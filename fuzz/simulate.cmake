mullion_fuzz(fleet_file SOURCE fleet_file.cc USES simulate)
mullion_fuzz(prepare_input SOURCE prepare_input.cc USES simulate)
