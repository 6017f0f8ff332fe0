#include "inventory/template_tokens.h"

#include <charconv>

namespace mullion::inventory {
namespace {

constexpr std::size_t longest_expression = 4096;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

Error wrong(std::string what) {
    return {ErrorId::inventory_variable, std::move(what)};
}

class Tokenizer {
public:
    explicit Tokenizer(std::string_view text) : text_(text.substr(0, longest_expression)) {}

    Result<Tokens> read() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (is_template_blank(c)) {
                ++at_;
            } else if (closes()) {
                return std::move(found_);
            } else if (is_digit(c)) {
                MULLION_TRY(number());
            } else if (is_template_word(c)) {
                word();
            } else if (c == '\'' || c == '"') {
                MULLION_TRY(string(c));
            } else {
                mark(c);
            }
        }
        return wrong("'{{' is not closed by '}}'");
    }

private:
    void add(Token::Kind kind, std::size_t begin, std::string text, std::int64_t value = 0) {
        found_.tokens.push_back({kind, std::move(text), value, begin});
    }

    bool closes() {
        const auto rest = text_.substr(at_);
        if (open_braces_ != 0) return false;  // The two of a map inside of a map are none of ours.
        found_.strip_after = rest.substr(0, 3) == "-}}";
        if (!found_.strip_after && rest.substr(0, 2) != "}}") return false;
        found_.length = at_;
        add(Token::Kind::end, at_, {});
        return true;
    }

    void word() {
        const auto begin = at_;
        while (at_ < text_.size() && is_template_word(text_[at_])) ++at_;
        add(Token::Kind::name, begin, std::string(text_.substr(begin, at_ - begin)));
    }

    Result<void> number() {
        const auto begin = at_;
        while (at_ < text_.size() && is_template_word(text_[at_])) ++at_;
        const auto digits = text_.substr(begin, at_ - begin);
        std::int64_t value = 0;
        const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (fault != std::errc{} || end != digits.data() + digits.size())
            return wrong("a template has a number that cannot be read");
        add(Token::Kind::number, begin, std::string(digits), value);
        return {};
    }

    Result<void> string(char quote) {
        const auto begin = at_++;
        std::string value;
        while (at_ < text_.size() && text_[at_] != quote) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
            value += text_[at_++];
        }
        if (at_ == text_.size()) return wrong("a template has a string that is not closed");
        ++at_;
        add(Token::Kind::string, begin, std::move(value));
        return {};
    }

    void mark(char c) {
        if (c == '{') ++open_braces_;
        if (c == '}' && open_braces_ != 0) --open_braces_;
        constexpr std::string_view doubled[] = {"==", "!=", "<=", ">=", "//", "**"};
        std::size_t length = 1;
        for (const auto two : doubled)
            if (text_.substr(at_, 2) == two) length = 2;
        add(Token::Kind::mark, at_, std::string(text_.substr(at_, length)));
        at_ += length;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    unsigned open_braces_ = 0;
    Tokens found_;
};

}  // namespace

bool is_template_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_template_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

Result<Tokens> tokenize(std::string_view text) {
    return Tokenizer(text).read();
}

}  // namespace mullion::inventory
