// The forms in which a report is printed.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "checks/output/metrics.h"
#include "checks/report.h"
#include "core/clock.h"

namespace mullion::checks {

// All that is printed of a report, by status, after every option but those of the form.
struct Sheet {
    std::string plugin, mode;
    std::string exit;                                             // "OK"; of a refusal as it was given.
    std::vector<std::pair<std::string, std::string>> texts = {};  // Status and text; one for each.
    std::vector<std::string> lines = {};
    std::vector<ShownMetric> metrics = {};
    bool labelled = true;
};

// The first line without metrics: "OK: text - text ".
[[nodiscard]] std::string text_line(const Sheet& sheet);
[[nodiscard]] std::string text_metrics(const std::vector<ShownMetric>& metrics);
[[nodiscard]] std::string as_json(const Sheet& sheet);
[[nodiscard]] std::string as_xml(const Sheet& sheet);
// `compat`: with the dots in names, which Prometheus does not read.
[[nodiscard]] std::string as_metrics(const Sheet& sheet, WallTime now, bool compat);

[[nodiscard]] std::string found_as_json(const std::vector<Discovered>& found);
[[nodiscard]] std::string found_as_xml(const std::vector<Discovered>& found);
[[nodiscard]] std::string attributes_as_json(const std::vector<std::string>& attributes);
[[nodiscard]] std::string attributes_as_xml(const std::vector<std::string>& attributes);

}  // namespace mullion::checks
