// Regular expressions as RE2 has them, for the regex: of a fleet: no look-around and no back-references, so
// that time and memory are bounded whatever is written.
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

    // Found anywhere in the text: the whole match and its groups.
    [[nodiscard]] std::optional<std::vector<std::string>> search(std::string_view text) const;

private:
    struct State;
    explicit Regex(std::shared_ptr<const State> state) : state_(std::move(state)) {}
    std::shared_ptr<const State> state_;
};

}  // namespace mullion::simulate
