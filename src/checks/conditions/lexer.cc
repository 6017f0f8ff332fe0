#include "checks/conditions/lexer.h"

#include <algorithm>
#include <array>

namespace mullion::checks {
namespace {

constexpr std::size_t longest = 4096;
constexpr std::size_t most_words = 1000;

bool digit(char c) {
    return c >= '0' && c <= '9';
}

bool letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

class Lexer {
public:
    Lexer(std::string_view text, std::string_view option) : text_(text), option_(option) {}
    [[nodiscard]] Result<std::vector<ConditionToken>> all();

private:
    using Kind = ConditionToken::Kind;

    [[nodiscard]] Result<ConditionToken> next();
    [[nodiscard]] Result<std::string> up_to(char open, char close);
    [[nodiscard]] Result<ConditionToken> quoted(char quote);
    [[nodiscard]] Result<ConditionToken> regex(char open);
    [[nodiscard]] ConditionToken number();
    [[nodiscard]] Result<ConditionToken> word();
    [[nodiscard]] Result<ConditionToken> sign();
    // A slash is a regex where a value has to begin, and divides behind one. As in Perl.
    [[nodiscard]] bool value_expected() const;

    std::string_view text_, option_;
    std::size_t at_ = 0;
    std::vector<ConditionToken> done_ = {};
};

Result<std::vector<ConditionToken>> Lexer::all() {
    if (text_.size() > longest) return wrong_condition(option_, longest, "it is too long");
    while (true) {
        while (at_ < text_.size() && blank(text_[at_])) ++at_;
        const auto place = at_;
        MULLION_ASSIGN(auto token, next());
        token.place = place;
        done_.push_back(std::move(token));
        if (done_.back().kind == Kind::end) return std::move(done_);
        if (done_.size() > most_words) return wrong_condition(option_, place, "it has too many words");
    }
}

bool Lexer::value_expected() const {
    if (done_.empty()) return true;
    const auto& last = done_.back();
    if (last.kind == Kind::sign) return last.text != ")";
    // Behind the name of an operator or function a value begins.
    return last.kind == Kind::word;
}

Result<ConditionToken> Lexer::next() {
    if (at_ == text_.size()) return ConditionToken{};
    const char c = text_[at_];
    if (auto name = take_variable(text_, at_); !name.empty())
        return ConditionToken{Kind::variable, std::move(name)};
    if (c == '\'' || c == '"') return quoted(c);
    if (c == '/' && value_expected()) return regex('/');
    if (digit(c) || (c == '.' && at_ + 1 < text_.size() && digit(text_[at_ + 1]) && value_expected()))
        return number();
    if (letter(c)) return word();
    return sign();
}

// The text in front of `close`, which is stepped over. A backslash guards what is behind it, and stays.
Result<std::string> Lexer::up_to(char open, char close) {
    const auto first = ++at_;
    int depth = 0;
    for (; at_ < text_.size(); ++at_) {
        const char c = text_[at_];
        if (c == '\\' && at_ + 1 < text_.size())
            ++at_;
        else if (c == close && depth-- == 0)
            return std::string(text_.substr(first, at_++ - first));
        else if (c == open)
            ++depth;
    }
    return wrong_condition(option_, first - 1, std::string("there is no ") + close + " that ends it");
}

Result<ConditionToken> Lexer::quoted(char quote) {
    MULLION_ASSIGN(const auto raw, up_to(quote, quote));
    if (quote == '"') return ConditionToken{Kind::quoted, raw};
    std::string text;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] == '\\' && i + 1 < raw.size() && (raw[i + 1] == '\\' || raw[i + 1] == '\'')) ++i;
        text += raw[i];
    }
    return ConditionToken{Kind::text, std::move(text)};
}

Result<ConditionToken> Lexer::regex(char open) {
    constexpr std::string_view opening = "{([<", closing = "})]>";
    const auto pair = opening.find(open);
    const char close = pair == std::string_view::npos ? open : closing[pair];
    MULLION_ASSIGN(auto pattern, up_to(open, close));
    // A guarded delimiter is the plain one.
    if (close == '/')
        for (std::size_t i = 0; (i = pattern.find("\\/", i)) != std::string::npos; ++i) pattern.erase(i, 1);
    ConditionToken token{Kind::regex, std::move(pattern)};
    while (at_ < text_.size() && letter(text_[at_])) token.flags += text_[at_++];
    return token;
}

ConditionToken Lexer::number() {
    const auto first = at_;
    const auto digits = [&] {
        while (at_ < text_.size() && digit(text_[at_])) ++at_;
    };
    digits();
    // "1..2" and "1.'a'" are no fractions.
    if (at_ + 1 < text_.size() && text_[at_] == '.' && digit(text_[at_ + 1])) {
        ++at_;
        digits();
    }
    auto exponent = at_;
    if (exponent < text_.size() && (text_[exponent] | 0x20) == 'e') {
        ++exponent;
        if (exponent < text_.size() && (text_[exponent] == '+' || text_[exponent] == '-')) ++exponent;
        if (exponent < text_.size() && digit(text_[exponent])) {
            at_ = exponent;
            digits();
        }
    }
    return {Kind::number, std::string(text_.substr(first, at_ - first))};
}

Result<ConditionToken> Lexer::word() {
    const auto first = at_;
    while (at_ < text_.size() && (letter(text_[at_]) || digit(text_[at_]))) ++at_;
    auto name = std::string(text_.substr(first, at_ - first));
    if (name == "m" && at_ < text_.size() && !blank(text_[at_]) && text_[at_] != ',' && text_[at_] != ')' &&
        value_expected())
        return regex(text_[at_]);
    return ConditionToken{Kind::word, std::move(name)};
}

Result<ConditionToken> Lexer::sign() {
    constexpr std::array<std::string_view, 24> signs = {"<=>", "=~", "!~", "==", "!=", "<=", ">=", "&&",
                                                        "||",  "//", "<",  ">",  "!",  "(",  ")",  "+",
                                                        "-",   "*",  "/",  "%",  ".",  "?",  ":",  ";"};
    const auto rest = text_.substr(at_);
    const auto* const found = std::find_if(signs.begin(), signs.end(),
                                           [&](std::string_view sign) { return rest.starts_with(sign); });
    if (found == signs.end())
        return wrong_condition(
            option_, at_, "a value or an operator was expected at '" + std::string(rest.substr(0, 20)) + "'");
    at_ += found->size();
    return ConditionToken{Kind::sign, std::string(*found)};
}

}  // namespace

Error wrong_condition(std::string_view option, std::size_t place, const std::string& why) {
    return {ErrorId::usage_invalid,
            "--" + std::string(option) + ": character " + std::to_string(place + 1) + ": " + why};
}

std::string take_variable(std::string_view text, std::size_t& at) {
    if (at + 2 >= text.size() || text[at] != '%') return {};
    const char close = text[at + 1] == '{' ? '}' : text[at + 1] == '(' ? ')' : '\0';
    if (close == '\0') return {};
    const auto end = text.find(close, at + 2);
    if (end == std::string_view::npos || end == at + 2) return {};
    const auto name = text.substr(at + 2, end - at - 2);
    // "5 %(2 + 1)" divides.
    if (!std::all_of(name.begin(), name.end(),
                     [](char c) { return letter(c) || digit(c) || c == '-' || c == '.' || c == ':'; }) ||
        digit(name.front()))
        return {};
    at = end + 1;
    return std::string(name);
}

Result<std::vector<ConditionToken>> read_words(std::string_view text, std::string_view option) {
    return Lexer(text, option).all();
}

}  // namespace mullion::checks
