#include "checks/modes/list_report.h"

#include <utility>

namespace mullion::checks {

void start_list(Report& report, std::string title, std::vector<std::string> attributes) {
    report.labelled = false;
    report.attributes = std::move(attributes);
    report.say(Status::ok, std::move(title));
}

void add_to_list(Report& report, const std::vector<std::string>& values, std::string line) {
    Discovered found;
    for (std::size_t at = 0; at < values.size(); ++at)
        found.emplace_back(report.attributes.at(at), values[at]);
    report.found.push_back(std::move(found));
    report.line(std::move(line));
}

void add_to_list(Report& report, const std::vector<std::string>& values) {
    std::string line;
    for (std::size_t at = 0; at < values.size(); ++at)
        line += "[" + report.attributes.at(at) + ": " + values[at] + "]";
    add_to_list(report, values, std::move(line));
}

}  // namespace mullion::checks
