#include "checks/filter.h"

#include <utility>

namespace mullion::checks {

Result<Filter> Filter::of(const Words& words, std::string_view option) {
    Filter filter;
    const auto pattern = words.text(option);
    if (pattern.empty()) return filter;
    MULLION_ASSIGN(filter.regex_, Regex::compile(pattern, option));
    return filter;
}

Result<bool> Filter::takes(std::string_view text) const {
    if (!regex_) return true;
    return regex_->matches(text);
}

Result<bool> Filter::drops(std::string_view text) const {
    if (!regex_) return false;
    return regex_->matches(text);
}

}  // namespace mullion::checks
