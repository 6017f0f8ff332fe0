// Words of a command line as Centreon's plugins read them: only `--name`, `--name=value` and `--name value`,
// nothing abbreviated, in rounds that each take the options that they know.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checks/options.h"
#include "core/result.h"

namespace mullion::checks {

class CentreonLine {
public:
    // The words must live as long as this.
    explicit CentreonLine(std::vector<std::string_view> words) : words_(std::move(words)) {}

    // Takes these options out of the line and leaves all else. A value is what stands behind `=`; where that
    // is nothing it is the next word, if that does not begin with `--`, and else it is empty. So a flag takes
    // the next word too, and is not set where that is 0.
    void take(std::span<const OptionSpec> specs, Words& into);

    // As take(), where no other round follows: the first word that is left over is an error, in Centreon's
    // words, but for one that is no option and stands first. Errors: usage.invalid.
    [[nodiscard]] Result<void> take_rest(std::span<const OptionSpec> specs, Words& into);

    // Takes an option out whose value is a secret, so that it is in no Words: its value that counts, which is
    // the last, and in `parts` all of them, to be wiped. Nothing: it is not there.
    [[nodiscard]] std::optional<std::string_view> take_secret(std::string_view name,
                                                              std::vector<std::string_view>& parts);

private:
    struct Word {
        bool option = false;
        std::string_view name, value;
    };
    [[nodiscard]] static Word part(std::string_view word);
    // The value of the option at `at`; both are out of the line then.
    [[nodiscard]] std::string_view take_at(std::size_t at, std::string_view value);
    [[nodiscard]] Result<void> take_known(std::span<const OptionSpec> specs, Words& into, bool all);

    std::vector<std::string_view> words_;
};

}  // namespace mullion::checks
