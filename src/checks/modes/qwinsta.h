// The output of qwinsta /COUNTER, which is in the host's language: tables of it, and reading it as Centreon
// does. Where that can be had, the mode sessions asks the host's counters instead.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/regex.h"
#include "core/result.h"

namespace mullion::checks {

// What the host's language calls things: each a regular expression.
struct QwinstaWords {
    std::string created, disconnected, reconnected;  // In front of the three counts.
    std::string active, disconnected_state;          // States of a session.
    std::string session_column, state_column;
};
// Of en, fr, it or de. Nothing for any other.
[[nodiscard]] std::optional<QwinstaWords> qwinsta_words(std::string_view language);
// Of a file as Centreon's --config: <root><qwinsta language="en"><created>…</created>….
// Errors: usage.invalid.
[[nodiscard]] Result<QwinstaWords> read_qwinsta_words(std::string_view xml, std::string_view language);

// A session: its values by column, "-" where there is none.
using QwinstaSession = std::map<std::string, std::string>;

struct QwinstaSaid {
    std::vector<QwinstaSession> sessions;
    std::optional<std::string> created, disconnected, reconnected;  // Digits.
};

class Qwinsta {
public:
    // Errors: usage.invalid, of an expression.
    [[nodiscard]] static Result<Qwinsta> with(const QwinstaWords& words);

    // Nothing where the text is no such output: it does not have the count of created sessions. At most
    // 10,000 sessions. Errors: usage.invalid, of an expression without end.
    [[nodiscard]] Result<std::optional<QwinstaSaid>> sort_out(std::string_view text) const;

    [[nodiscard]] Result<bool> is_active(const QwinstaSession& session) const;
    [[nodiscard]] Result<bool> is_disconnected(const QwinstaSession& session) const;
    [[nodiscard]] std::string_view session_column() const { return session_column_; }

private:
    Qwinsta(Regex front, Regex created, Regex disconnected, Regex reconnected, Regex active, Regex gone,
            Regex state, std::string session_column);
    [[nodiscard]] Result<bool> in_state(const QwinstaSession& session, const Regex& wanted) const;

    Regex front_;  // Captures what stands in front of the first count.
    Regex created_, disconnected_, reconnected_, active_, gone_, state_;
    std::string session_column_;
};

}  // namespace mullion::checks
