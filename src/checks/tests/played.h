// A mode is played with the answers of a host: what it asks, what it makes of the answers. The text is put
// together here once more, from what Centreon prints, so that modes are tested apart from checks/output.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/mode.h"

namespace mullion::checks::tests {

// A w:XmlFragment as a query that names columns is answered, with these children as XML.
[[nodiscard]] wsman::cim::Instance fragment(std::string_view children);
// A whole instance as a host sends it, `xml` being one element.
[[nodiscard]] wsman::cim::Instance instance(std::string_view xml);
[[nodiscard]] Answer rows(std::vector<std::string_view> fragments);
[[nodiscard]] Answer failed(Error error);
// Of a command that ended well.
[[nodiscard]] Answer output(std::string out, std::string err = {}, std::uint32_t exit_code = 0);
// Of a method: ReturnValue, and elements of the outputs as XML.
[[nodiscard]] Answer returned(std::string_view code, std::string_view outputs = {});

// Flags have an empty value.
[[nodiscard]] Words words_of(std::initializer_list<std::pair<std::string_view, std::string>> options);

struct Played {
    std::vector<std::vector<Ask>> rounds;  // What was asked, round by round.
    Report report;
    Samples samples;
    std::optional<Error> error;
    std::string text;  // As Centreon prints it with --verbose.
    int exit_code = 3;

    // Of the question of that number, of all rounds.
    [[nodiscard]] std::string wql(std::size_t at = 0) const;
    // "METHOD namespace:class argument argument", or the command's text.
    [[nodiscard]] std::string asked(std::size_t at) const;
};

struct Stage {
    Words words = {};
    std::vector<Answer> answers = {};  // Of all rounds, in the order of the questions.
    bool compat = false;
    Samples samples = {};
    std::int64_t unix_time = 1773144000;  // Tue Mar 10 12:00:00 2026 UTC, when the recorded hosts were asked.
};
[[nodiscard]] Played play(const ModeInfo& mode, Stage stage);
// "CRITICAL: … OK: … | 'x'=1;;;0;\nlong output\n".
[[nodiscard]] std::string printed(const Report& report);

}  // namespace mullion::checks::tests
