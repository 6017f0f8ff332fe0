// The types of CIM, and what their values are as text on the wire. DSP0230 8.2, [MS-WSMV] 2.2.4.1.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/result.h"
#include "wsman/cim/moment.h"

namespace mullion::wsman::cim {

enum class Type : std::uint8_t {
    boolean,
    uint8,
    sint8,
    uint16,
    sint16,
    uint32,
    sint32,
    uint64,
    sint64,
    real32,
    real64,
    char16,
    string,
    datetime,  // A Moment or an Interval.
    reference,
    instance,  // Embedded.
};
[[nodiscard]] std::string_view type_name(Type type);                  // As MOF spells it.
[[nodiscard]] std::optional<Type> parse_type(std::string_view name);  // In any case; "object" is instance.

// A value that has a type. Text is not copied: valid as long as what it was read from.
using Scalar =
    std::variant<bool, std::uint64_t, std::int64_t, double, char16_t, std::string_view, Moment, Interval>;

// What the text of a property says when it is of that type; out of its range is refused. The wire itself
// carries no types, so the caller brings the class's. References and instances are no text: refused.
[[nodiscard]] std::optional<Scalar> parse_scalar(Type type, std::string_view text);

// As Windows since 2012 writes it; a moment or an interval as XML Schema's.
[[nodiscard]] std::string format_scalar(const Scalar& value);

}  // namespace mullion::wsman::cim
