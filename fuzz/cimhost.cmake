mullion_fuzz(cim_question SOURCE cim_question.cc USES cimhost)
