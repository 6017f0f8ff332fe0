// What a list mode reports: a line "[name: x][status: up]" and the same for discovery.
#pragma once

#include <string>
#include <vector>

#include "checks/report.h"

namespace mullion::checks {

// `title` is the first line, which has no status word.
void start_list(Report& report, std::string title, std::vector<std::string> attributes);
// Values in the order of the attributes; the line is made of them.
void add_to_list(Report& report, const std::vector<std::string>& values);
// With a line of its own.
void add_to_list(Report& report, const std::vector<std::string>& values, std::string line);

}  // namespace mullion::checks
