mullion_fuzz(check_state SOURCE check_state.cc USES checks)
mullion_fuzz(clixml SOURCE clixml.cc USES checks)
mullion_fuzz(thresholds SOURCE thresholds.cc USES checks)
