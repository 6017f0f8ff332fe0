#include "aws/lift.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

namespace mullion::aws {
namespace {

Error wrong(std::string_view what) {
    return Error(ErrorId::aws_answer, std::string(what));
}

// Room is made once, ahead: growing would leave copies behind.
class Unescaped {
public:
    explicit Unescaped(std::size_t most) { text_.reserve(most); }
    ~Unescaped() { wipe(text_); }
    Unescaped(const Unescaped&) = delete;
    Unescaped& operator=(const Unescaped&) = delete;
    void add(char c) { text_ += c; }
    [[nodiscard]] Secret secret() const { return Secret(text_); }

private:
    std::string text_;
};

std::optional<unsigned> hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return std::nullopt;
}

// "\/", "\"", "\\" and \u00XX of ASCII: some writers escape so what base64 has.
std::optional<char> escaped(std::string_view text, std::size_t& at) {
    const char c = text[at++];
    if (c == '/' || c == '"' || c == '\\') return c;
    if (c != 'u' || text.size() - at < 4) return std::nullopt;
    unsigned code = 0;
    for (int i = 0; i < 4; ++i) {
        const auto digit = hex_digit(text[at++]);
        if (!digit) return std::nullopt;
        code = code * 16 + *digit;
    }
    if (code < 0x20 || code >= 0x7f) return std::nullopt;
    return static_cast<char>(code);
}

// `raw` stands between its quotes.
Result<Secret> unescaped(std::string_view raw) {
    Unescaped made(raw.size());
    for (std::size_t at = 0; at < raw.size();) {
        if (raw[at] != '\\') {
            // RFC 8259 7; the parser of the rest sees none of these.
            if (static_cast<unsigned char>(raw[at]) < 0x20) return wrong("a secret has a control character");
            made.add(raw[at++]);
            continue;
        }
        if (++at == raw.size()) return wrong("a string ends in a backslash");
        const auto c = escaped(raw, at);
        if (!c) return wrong("a secret has an escape that no key or token has");
        made.add(*c);
    }
    return made.secret();
}

// Knows strings, brackets and where a member's value begins; whether all else is JSON says who parses the
// rest.
class JsonScan {
public:
    JsonScan(std::string_view text, std::initializer_list<std::string_view> names)
        : text_(text), names_(names) {
        lifted_.rest.reserve(text.size());
    }

    Result<Lifted> run() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '"') {
                MULLION_TRY(string());
                continue;
            }
            if (c == '{' || c == '[') {
                if (depth_ == 0 && c == '[') return wrong("the answer is no JSON object");
                if (++depth_ > 16) return wrong("the answer is nested too deep");
            }
            if ((c == '}' || c == ']') && depth_-- == 0) return wrong("the answer is no JSON object");
            if (c == ',') name_.clear();
            copy(1);
        }
        return std::move(lifted_);
    }

private:
    void copy(std::size_t count) {
        lifted_.rest += text_.substr(at_, count);
        at_ += count;
    }

    // At a quote. A string is a name where a colon follows.
    Result<void> string() {
        auto end = at_ + 1;
        while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
        if (end >= text_.size()) return wrong("the answer ends within a string");
        const auto raw = text_.substr(at_ + 1, end - at_ - 1);
        const auto next = text_.find_first_not_of(" \t\r\n", end + 1);
        const bool is_name = next != std::string_view::npos && text_[next] == ':';
        if (!is_name && depth_ == 1 && std::find(names_.begin(), names_.end(), name_) != names_.end()) {
            MULLION_ASSIGN(auto secret, unescaped(raw));
            if (!lifted_.secrets.emplace(name_, std::move(secret)).second)
                return wrong(name_ + " stands there twice");
            lifted_.rest += '"' + std::string(raw.size(), '*') + '"';
            at_ = end + 1;
            return {};
        }
        if (is_name && depth_ == 1) name_ = raw.substr(0, 64);
        copy(end + 1 - at_);
        return {};
    }

    std::string_view text_;
    std::initializer_list<std::string_view> names_;
    Lifted lifted_;
    std::string name_;  // Of the member whose value comes.
    std::size_t at_ = 0;
    int depth_ = 0;
};

// Where the text of the first element of that name stands, from `from` on: begin and end.
struct Span {
    std::size_t begin, end;
};
Result<std::optional<Span>> find_element(std::string_view text, std::string_view name, std::size_t from) {
    const auto open = fmt::format("<{}>", name);
    const auto begin = text.find(open, from);
    if (begin == std::string_view::npos) return std::optional<Span>();
    const auto inside = begin + open.size();
    const auto end = text.find('<', inside);
    if (end == std::string_view::npos || !text.substr(end).starts_with(fmt::format("</{}>", name)))
        return wrong(fmt::format("{} has more than text in it", name));
    return std::optional(Span{inside, end});
}

}  // namespace

Secret Lifted::take(std::string_view name) {
    const auto found = secrets.find(name);
    if (found == secrets.end()) return {};
    auto taken = std::move(found->second);
    secrets.erase(found);
    return taken;
}

Result<Lifted> lift_json(std::string_view text, std::initializer_list<std::string_view> names) {
    return JsonScan(text, names).run();
}

Result<Lifted> lift_xml(std::string_view text, std::initializer_list<std::string_view> names) {
    std::map<std::size_t, Span> spans;
    Lifted lifted;
    for (const auto name : names) {
        MULLION_ASSIGN(const auto span, find_element(text, name, 0));
        if (!span) continue;
        MULLION_ASSIGN(const auto second, find_element(text, name, span->end));
        if (second) return wrong(fmt::format("{} stands there twice", name));
        const auto value = text.substr(span->begin, span->end - span->begin);
        if (value.find('&') != std::string_view::npos)
            return wrong(fmt::format("{} has a reference in it", name));
        lifted.secrets.emplace(name, Secret(value));
        spans.emplace(span->begin, *span);
    }
    lifted.rest.reserve(text.size());
    std::size_t at = 0;
    for (const auto& [begin, span] : spans) {
        lifted.rest += text.substr(at, begin - at);
        lifted.rest.append(span.end - begin, '*');
        at = span.end;
    }
    lifted.rest += text.substr(at);
    return lifted;
}

}  // namespace mullion::aws
