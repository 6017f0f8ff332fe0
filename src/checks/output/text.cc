#include <array>

#include "checks/output/forms.h"

namespace mullion::checks {

// The worst first; what is well is only told where all is.
std::string text_line(const Sheet& sheet) {
    std::string line;
    for (const std::string_view status :
         std::array<std::string_view, 4>{"CRITICAL", "WARNING", "UNKNOWN", "OK"}) {
        if (status == "OK" && sheet.exit != "OK") continue;
        std::string joined;
        bool any = status == "OK";
        bool first = true;
        for (const auto& [of, text] : sheet.texts) {
            if (of != status) continue;
            if (!first) joined += " - ";
            joined += text;
            first = false;
            any = true;
        }
        if (!any) continue;
        if (sheet.labelled) line += std::string(status) + ": ";
        line += joined + " ";
    }
    return line;
}

std::string text_metrics(const std::vector<ShownMetric>& metrics) {
    std::string text;
    for (const auto& metric : metrics) {
        if (text.empty()) text = "|";
        text += " '" + metric.label + "'=" + metric.value + metric.unit + ";" + metric.warning + ";" +
                metric.critical + ";" + metric.min + ";" + metric.max;
    }
    return text;
}

}  // namespace mullion::checks
