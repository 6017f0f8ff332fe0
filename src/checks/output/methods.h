// What the methods of --change-perfdata make of one metric.
#pragma once

#include <vector>

#include "checks/output/extend.h"

namespace mullion::checks {

void invert_metric(ShownMetric& metric);
void make_percent(ShownMetric& metric);
void scale_metric(const Extension& how, ShownMetric& metric);
[[nodiscard]] Result<void> calculate_metric(const Extension& how, bool compat, ShownMetric& metric);
// min, max, average, sum of those whose label matches.
[[nodiscard]] Result<void> gather_metric(const Extension& how, const std::vector<std::string>& groups,
                                         bool compat, const std::vector<ShownMetric>& all,
                                         ShownMetric& metric);
// "80%" of the maximum, as --extend-perfdata's last parts have it.
[[nodiscard]] std::string replaced_threshold(const std::string& text, const std::string& max);

}  // namespace mullion::checks
