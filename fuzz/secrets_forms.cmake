mullion_fuzz(secrets_forms SOURCE secrets_forms.cc USES secrets)
