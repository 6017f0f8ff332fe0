#include "wql/like.h"

#include <algorithm>
#include <optional>

#include "wql/fold.h"

namespace mullion::wql {
namespace {

using Element = LikePattern::Element;
using Kind = Element::Kind;

bool accepts(const Element& element, char32_t c) {
    if (element.kind == Kind::one) return true;
    const bool listed = std::any_of(element.ranges.begin(), element.ranges.end(),
                                    [c](const auto& range) { return range.first <= c && c <= range.last; });
    return listed == (element.kind != Kind::other);
}

// Behind the '['. A '-' at the end of the set is itself.
std::optional<const char*> read_set(std::string_view& text, Element& out) {
    out.kind = Kind::set;
    if (text.starts_with('^')) {
        out.kind = Kind::other;
        text.remove_prefix(1);
    }
    while (!text.empty() && text.front() != ']') {
        const auto first = take_folded(text);
        auto last = first;
        if (text.size() > 1 && text[0] == '-' && text[1] != ']') {
            text.remove_prefix(1);
            last = take_folded(text);
        }
        if (last < first) return "a range of characters that goes upwards, such as [a-f]";
        out.ranges.push_back({first, last});
    }
    if (text.empty()) return "a ']' behind the '[' of the pattern; a '[' itself is written [[]";
    if (out.ranges.empty()) return "a character between the '[' and the ']' of the pattern";
    text.remove_prefix(1);
    return std::nullopt;
}

std::optional<const char*> read_element(std::string_view& text, Element& out) {
    const char c = text.front();
    if (c == '%' || c == '_' || c == '[') text.remove_prefix(1);
    if (c == '[') return read_set(text, out);
    if (c == '%') {
        out.kind = Kind::many;
    } else if (c == '_') {
        out.kind = Kind::one;
    } else {
        const auto code = take_folded(text);
        out.ranges.push_back({code, code});
    }
    return std::nullopt;
}

}  // namespace

std::variant<LikePattern, LikeFault> parse_like(std::string_view text, std::size_t most_elements) {
    LikePattern out;
    while (!text.empty()) {
        Element element;
        if (const auto wrong = read_element(text, element)) return LikeFault{false, *wrong};
        auto& all = out.elements_;
        if (element.kind == Kind::many && !all.empty() && all.back().kind == Kind::many) continue;
        if (all.size() == most_elements) return LikeFault{true, ""};
        all.push_back(std::move(element));
    }
    return out;
}

bool LikePattern::matches(std::string_view text) const {
    std::size_t at = 0;
    std::optional<std::size_t> behind_many;  // Where the pattern goes on behind the last %…
    std::string_view retry;                  // … and the text from which it was tried last.
    while (true) {
        if (at < elements_.size() && elements_[at].kind == Kind::many) {
            behind_many = ++at;
            retry = text;
            continue;
        }
        if (text.empty() && at == elements_.size()) return true;
        if (!text.empty() && at < elements_.size()) {
            auto rest = text;
            if (accepts(elements_[at], take_folded(rest))) {
                text = rest;
                ++at;
                continue;
            }
        }
        if (!behind_many || retry.empty()) return false;
        (void)take_folded(retry);
        text = retry;
        at = *behind_many;
    }
}

}  // namespace mullion::wql
