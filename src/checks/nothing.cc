#include "checks/nothing.h"

#include <fmt/format.h>

namespace mullion::checks {

void say_no_rows(Report& report, std::string_view class_name, std::string_view right) {
    report.labelled = true;
    report.say(Status::unknown, fmt::format("The host returned no instance of {}{}{}", class_name,
                                            right.empty() ? "" : ": ", right));
}

}  // namespace mullion::checks
