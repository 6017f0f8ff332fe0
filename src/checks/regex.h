// Perl's regular expressions, for options that scripts of Centreon's users have. With limits: a pattern that
// would run for long is an error and no hang.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace mullion::checks {

class Regex {
public:
    // Errors: usage.invalid, with the option's name, the place and the reason. `flags`: of "imsxg", as in
    // Perl.
    [[nodiscard]] static Result<Regex> compile(std::string_view pattern, std::string_view option,
                                               std::string_view flags = {});
    // Anywhere in the text. Errors: usage.invalid where the limit of steps is reached.
    [[nodiscard]] Result<bool> matches(std::string_view text) const;
    // What was found, and the groups in it; nothing where nothing is found. Errors as matches().
    [[nodiscard]] Result<std::vector<std::string>> groups(std::string_view text) const;
    // s/pattern/replacement/flags, with $1, ${1} and \1.
    [[nodiscard]] Result<std::string> replace(std::string_view text, std::string_view replacement) const;

    Regex(Regex&&) noexcept;
    Regex& operator=(Regex&&) noexcept;
    ~Regex();

private:
    struct Code;
    explicit Regex(std::unique_ptr<Code> code);
    std::unique_ptr<Code> code_;
};

}  // namespace mullion::checks
