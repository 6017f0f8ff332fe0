mullion_fuzz(wql SOURCE wql.cc USES wql)
