mullion_fuzz(proc_files SOURCE proc_files.cc USES cim)
