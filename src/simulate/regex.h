// Perl's regular expressions, as the regex: of a fleet is written. Time and memory are bounded.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace mullion::simulate {

class Regex {
public:
    // Without regard to case, as cmd and PowerShell read commands; "(?-i)" changes that. The error is what is
    // wrong with it, for whoever knows the line to say.
    [[nodiscard]] static Result<Regex> make(const std::string& pattern);

    // Found anywhere in the text: the whole match and its groups. Nothing also when it takes too long to say.
    [[nodiscard]] std::optional<std::vector<std::string>> search(std::string_view text) const;

private:
    struct State;
    explicit Regex(std::shared_ptr<const State> state) : state_(std::move(state)) {}
    std::shared_ptr<const State> state_;
};

}  // namespace mullion::simulate
