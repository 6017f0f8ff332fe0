mullion_fuzz(target SOURCE target.cc USES target)
