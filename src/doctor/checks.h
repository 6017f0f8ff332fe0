// The checks, each in a file of its own. They are made in the order of docs/doctor-setups.md, and each
// only when those that it needs have not failed.
#pragma once

#include <vector>

#include "doctor/chart.h"
#include "doctor/finding.h"

namespace mullion::doctor {

[[nodiscard]] Finding check_name(Chart& chart);
[[nodiscard]] Finding check_reverse(Chart& chart);
[[nodiscard]] Finding check_tcp(Chart& chart);
[[nodiscard]] Finding check_tls(Chart& chart);
[[nodiscard]] Finding check_http(Chart& chart);
[[nodiscard]] Finding check_schemes(Chart& chart);
[[nodiscard]] Finding check_clock(Chart& chart);
[[nodiscard]] Finding check_kdc(Chart& chart);
[[nodiscard]] Finding check_ticket(Chart& chart);
[[nodiscard]] Finding check_logon(Chart& chart, const Route& route);
[[nodiscard]] Finding check_shell(Chart& chart);
[[nodiscard]] Finding check_cim(Chart& chart);
[[nodiscard]] Finding check_quota(Chart& chart);
[[nodiscard]] Finding check_config(Chart& chart);
// One for each thing that is unsafe; one that says so where nothing is.
[[nodiscard]] std::vector<Finding> check_safety(Chart& chart);

// With --for check: the modes of `mullion check`, one row each in the Chart.
[[nodiscard]] Finding check_modes(Chart& chart);

// "logon ntlm"
[[nodiscard]] std::string name_of(const Route& route);

}  // namespace mullion::doctor
