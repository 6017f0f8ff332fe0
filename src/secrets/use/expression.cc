#include "secrets/use/expression.h"

#include <fmt/format.h>

namespace mullion::secrets {
namespace {

constexpr std::string_view begins = "<+";
constexpr std::string_view word = "secrets";

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

std::string_view without_blanks(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

// Takes what is expected off the front, with the blanks before it.
class Rest {
public:
    explicit Rest(std::string_view text) : text_(text) {}
    [[nodiscard]] bool take(std::string_view expected) {
        skip();
        if (!text_.starts_with(expected)) return false;
        text_.remove_prefix(expected.size());
        return true;
    }
    // What stands within a pair of quotes of either kind. Nothing: it has none, or no end.
    [[nodiscard]] std::optional<std::string_view> quoted() {
        skip();
        if (text_.empty() || (text_.front() != '"' && text_.front() != '\'')) return std::nullopt;
        const auto end = text_.find(text_.front(), 1);
        if (end == std::string_view::npos) return std::nullopt;
        const auto inside = text_.substr(1, end - 1);
        text_.remove_prefix(end + 1);
        return inside;
    }
    [[nodiscard]] char next() {
        skip();
        return text_.empty() ? '\0' : text_.front();
    }
    [[nodiscard]] bool ended() const { return text_.empty(); }

private:
    void skip() {
        while (!text_.empty() && is_blank(text_.front())) text_.remove_prefix(1);
    }
    std::string_view text_;
};

Error wrong(std::string what) {
    Error error(ErrorId::secrets_invalid, std::move(what));
    error.advice.emplace_back("Write <+secrets.getValue(\"account.ID\")>, and nothing beside it.");
    return error;
}

// Of a text that has <+secrets. in it, but not as all of it.
bool has_secret_inside(std::string_view text) {
    for (auto at = text.find(begins); at != std::string_view::npos; at = text.find(begins, at + 1)) {
        Rest rest(text.substr(at + begins.size()));
        if (rest.take(word) && rest.take(".")) return true;
    }
    return false;
}

}  // namespace

bool has_expression(std::string_view text) {
    return text.find(begins) != std::string_view::npos;
}

Result<std::optional<Reference>> parse_expression(std::string_view text) {
    const auto trimmed = without_blanks(text);
    Rest rest(trimmed);
    // "<+" may be in a password: only with a word after it does it begin something.
    if (!rest.take(begins) || !is_letter(rest.next())) {
        if (!has_secret_inside(trimmed)) return std::optional<Reference>();
        return wrong("an expression of a secret stands within other text; it must be the whole value");
    }
    if (trimmed.size() > longest_expression) return wrong("an expression is too long");
    if (!rest.take(word) || !rest.take(".") || !rest.take("getValue"))
        return wrong("it begins as an expression, and is none of a secret");
    if (!rest.take("(")) return wrong("after secrets.getValue comes a reference in brackets");
    const auto reference = rest.quoted();
    if (!reference) return wrong("the reference within secrets.getValue( ) has no quotes around it");
    if (!rest.take(")") || !rest.take(">")) return wrong("the expression of a secret has no end: \")>");
    if (!rest.ended())
        return wrong("an expression of a secret stands within other text; it must be the whole value");
    MULLION_ASSIGN(auto parsed, parse_reference(*reference));
    return std::optional(std::move(parsed));
}

Result<Identity> named_secret(std::string_view text, const Scope& from) {
    MULLION_ASSIGN(auto reference, parse_expression(text));
    if (!reference) {
        MULLION_ASSIGN(reference, parse_reference(without_blanks(text)));
    }
    return resolve(*reference, from, Space::secret);
}

}  // namespace mullion::secrets
