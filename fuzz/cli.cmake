mullion_fuzz(terminal_text SOURCE terminal_text.cc USES cli)
