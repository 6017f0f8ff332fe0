// What a property of an instance says. Of this room: service makes the values of WS-Management of them.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace mullion::cim {

struct Moment {
    std::int64_t microseconds = 0;  // Since 1970, in UTC.
    std::int16_t offset = 0;        // Minutes east of Greenwich, in which it is to be shown.
    bool operator==(const Moment&) const = default;
};

struct Interval {
    std::int64_t microseconds = 0;
    bool operator==(const Interval&) const = default;
};

// An instance of a class of the same namespace.
struct Reference {
    std::string class_name;
    std::vector<std::pair<std::string, std::string>> keys;
    bool operator==(const Reference&) const = default;
};

using Scalar =
    std::variant<bool, std::uint64_t, std::int64_t, double, std::string, Moment, Interval, Reference>;
using Array = std::vector<Scalar>;
// Nothing at all (null), one, or an array.
using Value = std::variant<std::monostate, Scalar, Array>;

}  // namespace mullion::cim
