// --change-perfdata, --extend-perfdata, --extend-perfdata-group and --explode-perfdata-max.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/conditions/condition.h"
#include "checks/output/metrics.h"
#include "checks/regex.h"
#include "core/result.h"

namespace mullion::checks {

// search,label,method(arguments),unit,min,max,warning,critical: all but the search may be empty.
struct Extension {
    enum class Kind : std::uint8_t { change, extend, group };
    enum class Method : std::uint8_t { none, invert, percent, scale, math, min, max, average, sum };
    Kind kind = Kind::change;
    std::optional<Regex> search;  // Nothing: a group of its own.
    std::string label = {};
    Method method = Method::none;
    std::string argument = {};              // The pattern of a group; of scale, the unit.
    std::string quantity = {};              // Of scale.
    std::optional<Condition> formula = {};  // Of math, over %{current}.
    bool with_thresholds = false;           // Of math.
    std::string unit = {}, min = {}, max = {}, warning = {}, critical = {};
};

// Errors: usage.invalid for a method that there is not. `compat`: that is passed over, as Centreon does.
[[nodiscard]] Result<std::optional<Extension>> read_extension(Extension::Kind kind, std::string_view text,
                                                              std::string_view option, bool compat);

// --explode-perfdata-max: of those that match a metric of their maximum, under that name.
struct Explosion {
    std::optional<Regex> search;  // Nothing: all.
    std::string name;             // Empty: the label with "_max".
};

[[nodiscard]] Result<void> extend(const std::vector<Extension>& extensions, bool compat,
                                  std::vector<ShownMetric>& metrics);
[[nodiscard]] Result<void> explode(const std::vector<Explosion>& explosions,
                                   std::vector<ShownMetric>& metrics);

}  // namespace mullion::checks
