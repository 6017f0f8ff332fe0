// Which commands an answer or a fault is for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulate/regex.h"

namespace mullion::simulate {

// A command as it was asked for.
struct CommandText {
    std::string line;  // The words of the Command, joined with blanks.
    // What PowerShell is to run: -EncodedCommand decoded, or standard input with "-Command -".
    std::optional<std::string> script;
    [[nodiscard]] const std::string& shown() const { return script ? *script : line; }
};

class Match {
public:
    enum class How { anything, exact, glob, contains, regex };
    enum class Of { both, cmd, powershell };

    Match() = default;  // Anything.
    Match(How how, std::string text) : how_(how), text_(std::move(text)) {}
    explicit Match(Regex regex) : how_(How::regex), regex_(std::move(regex)) {}
    void only(Of of) { of_ = of; }

    // The whole match, and for a regex its groups; nothing when it does not match. A script is compared where
    // there is one, otherwise the line. Blanks around it and case do not count.
    [[nodiscard]] std::optional<std::vector<std::string>> of(const CommandText& command) const;
    [[nodiscard]] std::optional<std::vector<std::string>> of(std::string_view text) const;

private:
    How how_ = How::anything;
    Of of_ = Of::both;
    std::string text_;
    std::optional<Regex> regex_;
};

// With '*' and '?'; case does not count.
[[nodiscard]] bool glob_matches(std::string_view pattern, std::string_view text);

}  // namespace mullion::simulate
