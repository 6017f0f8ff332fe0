mullion_fuzz(check_state SOURCE check_state.cc USES checks)
