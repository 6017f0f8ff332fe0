mullion_fuzz(terminal_text SOURCE terminal_text.cc USES cli)
mullion_fuzz(config_yaml SOURCE config_yaml.cc USES cli)
