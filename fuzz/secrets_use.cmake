mullion_fuzz(secret_expression SOURCE secret_expression.cc USES secrets)
