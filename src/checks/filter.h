// A regular expression that an option gives, or none.
#pragma once

#include <optional>
#include <string_view>

#include "checks/options.h"
#include "checks/regex.h"
#include "core/result.h"

namespace mullion::checks {

class Filter {
public:
    Filter() = default;
    // None where the option was not given, or is empty. Errors: usage.invalid.
    [[nodiscard]] static Result<Filter> of(const Words& words, std::string_view option);

    [[nodiscard]] bool given() const { return regex_.has_value(); }
    // True of any text where there is none. Errors: usage.invalid, of an expression without end.
    [[nodiscard]] Result<bool> takes(std::string_view text) const;
    // False of any text where there is none: for options that leave out.
    [[nodiscard]] Result<bool> drops(std::string_view text) const;

private:
    std::optional<Regex> regex_;
};

}  // namespace mullion::checks
