mullion_fuzz(proc_files SOURCE proc_files.cc USES cim)
mullion_fuzz(cim_frames SOURCE cim_frames.cc USES cim)
