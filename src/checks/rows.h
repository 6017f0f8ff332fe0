// Reading the rows of an answer: as the host sent them, and as Centreon's plugin sees them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/ask.h"
#include "core/result.h"
#include "wsman/cim/instance.h"

namespace mullion::checks {

using Row = wsman::cim::Instance;

// Names are of any case, as CIM's are. Values come without white space around them only where they are
// numbers or times.

// Nothing where the answer lacks the property, it is null, or no text. Of an array the first value.
[[nodiscard]] std::optional<std::string> text(const Row& row, std::string_view name);
// All values of an array that are text. Empty where the answer lacks it.
[[nodiscard]] std::vector<std::string> texts(const Row& row, std::string_view name);

// As Perl's plugin has it, by openwsman: nothing where the answer lacks the property; empty for null, an
// empty array and what is no text; of an array the last value.
[[nodiscard]] std::optional<std::string> seen_text(const Row& row, std::string_view name);
// The same in a text, where Perl's undef is nothing too.
[[nodiscard]] std::string shown(const Row& row, std::string_view name);

// Errors of what follows: wsman.malformed, with the property and what stands there. A number is one of any
// type of CIM that fits; the other ones say "nothing" for null and for a property that is not in the answer.
[[nodiscard]] Result<std::uint64_t> number(const Row& row, std::string_view name);
[[nodiscard]] Result<std::optional<std::uint64_t>> number_or_null(const Row& row, std::string_view name);
[[nodiscard]] Result<double> real(const Row& row, std::string_view name);
// Microseconds since 1970 in UTC. Takes each form of wsman/cim/moment.h.
[[nodiscard]] Result<std::int64_t> moment(const Row& row, std::string_view name);

// As Centreon's trim(): without blanks, tabs and line ends around it, and one NUL at the end.
[[nodiscard]] std::string perl_trimmed(std::string text);

// The rows of a query's answer; no rows where it is of another kind, which is a bug of who asks.
[[nodiscard]] const Rows& rows_of(const Answer& answer);

// Nothing the mode can use: the answer lacks what was asked for.
[[nodiscard]] Error malformed(std::string_view what);

}  // namespace mullion::checks
