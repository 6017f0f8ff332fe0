mullion_fuzz(shell_users SOURCE shell_users.cc USES monitor)
