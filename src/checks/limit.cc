#include "checks/limit.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace mullion::checks {

Duration default_limit(const target::Target& target) {
    return std::max(usual_limit, target.read_timeout + beside_one_answer);
}

std::string timeout_help() {
    const auto seconds = [](Duration time) {
        return std::chrono::duration_cast<std::chrono::seconds>(time).count();
    };
    return fmt::format(
        "Wall clock for all of it (default {}, or {} more than one answer may take where that is longer)",
        seconds(usual_limit), seconds(beside_one_answer));
}

}  // namespace mullion::checks
