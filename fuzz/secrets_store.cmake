mullion_fuzz(audit_line SOURCE audit_line.cc USES secrets)
mullion_fuzz(store_key SOURCE store_key.cc USES secrets)
