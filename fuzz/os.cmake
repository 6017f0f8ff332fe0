mullion_fuzz(spawn_messages SOURCE spawn_messages.cc USES os)
