mullion_fuzz(sid SOURCE sid.cc USES rights)
mullion_fuzz(sddl SOURCE sddl.cc USES rights)
mullion_fuzz(access_text SOURCE access_text.cc USES rights)
