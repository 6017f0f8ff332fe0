mullion_fuzz(winrm_line SOURCE winrm_line.cc USES winrm)
mullion_fuzz(winrm_output SOURCE winrm_output.cc USES winrm xml)
