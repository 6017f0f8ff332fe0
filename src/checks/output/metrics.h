// Metrics as they are printed: Perfdata with their label, after filters and changes.
#pragma once

#include <string>
#include <vector>

#include "checks/report.h"
#include "core/result.h"

namespace mullion::checks {

struct OutputPlan;

struct ShownMetric {
    std::string label, value;
    std::string unit = {}, warning = {}, critical = {}, min = {}, max = {};
    std::string name = {};  // Without instances. Empty of those that --extend-perfdata made.
    std::vector<std::string> instances = {};
};

// All of the report's, labelled, changed and filtered by the plan. Errors: usage.invalid for a regular
// expression without end.
[[nodiscard]] Result<std::vector<ShownMetric>> shown_metrics(const Report& report, bool new_names,
                                                             const OutputPlan& plan);

}  // namespace mullion::checks
