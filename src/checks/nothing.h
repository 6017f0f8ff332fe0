// Answers that say nothing, which is not the same as that all is well.
#pragma once

#include <string_view>

#include "checks/report.h"

namespace mullion::checks {

// No row of a class of which every host has some: UNKNOWN, with the right that may be missing (empty: none
// comes to mind). Without it an account that sees nothing would be told that all is well.
void say_no_rows(Report& report, std::string_view class_name, std::string_view right);

namespace rights {
inline constexpr std::string_view service_manager =
    "the account may lack rights at the service control manager (sc sdshow scmanager on the host)";
inline constexpr std::string_view cim = "the account may lack Enable Account and Remote Enable on root/cimv2";
inline constexpr std::string_view counters =
    "the account may not be in Performance Monitor Users, or the host's counters are broken (lodctr /R)";
}  // namespace rights

}  // namespace mullion::checks
