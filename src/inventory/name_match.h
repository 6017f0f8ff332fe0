// One part of a host pattern against names: a glob, or ~ and a regular expression.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"

namespace re2 {
class RE2;
}

namespace mullion::inventory {

// "web*", "db[0-9]", "~web\d+". Globs are those of Python's fnmatch. Expressions are RE2's, which take time
// in proportion to the name: no backtracking, so no look-around and no back references, and \d and \w are
// ASCII. They match from the start of the name, and not necessarily to its end, as Python's re.match does.
class NameMatch {
public:
    // Errors: usage.pattern (an expression that is not valid, or uses what RE2 has not)
    [[nodiscard]] static Result<NameMatch> parse(std::string_view pattern);
    NameMatch(NameMatch&&) noexcept;
    NameMatch& operator=(NameMatch&&) noexcept;
    ~NameMatch();

    [[nodiscard]] bool matches(std::string_view name) const;

private:
    NameMatch() = default;
    std::u32string glob_;
    std::unique_ptr<re2::RE2> expression_;
    bool plain_ = false;  // No character of it is special: compared as it is.
    std::string text_;
};

// True where fnmatch would take the pattern for more than a plain name.
[[nodiscard]] bool is_glob(std::string_view pattern);

}  // namespace mullion::inventory
