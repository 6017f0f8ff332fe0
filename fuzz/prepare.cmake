mullion_fuzz(prepare_report SOURCE prepare_report.cc USES prepare)
