#include "inventory/template.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "inventory/template_tokens.h"

namespace mullion::inventory {
namespace {

constexpr std::size_t longest_text = 1024 * 1024;
constexpr std::size_t most_pieces = 10'000;
constexpr unsigned deepest = 16;  // a[b[c[…]]]

Error unsupported(std::string_view expression, std::string_view what) {
    return {
        ErrorId::inventory_variable,
        fmt::format("'{{{{ {} }}}}' has {}, and only variables such as a, a.b, a['b'] and a[0] are replaced",
                    expression, what)};
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// One expression between braces.
class PathReader {
public:
    PathReader(std::string_view expression, const std::vector<Token>& tokens)
        : expression_(expression), tokens_(tokens) {}

    Result<VariablePath> read() {
        MULLION_ASSIGN(auto path, path(0));
        if (peek().kind != Token::Kind::end) return unsupported(expression_, what_follows(path));
        path.text = expression_;
        return path;
    }

private:
    [[nodiscard]] const Token& peek() const { return tokens_[at_]; }
    [[nodiscard]] bool is_mark(char c) const {
        return peek().kind == Token::Kind::mark && peek().text == std::string_view(&c, 1);
    }

    Result<VariablePath> path(unsigned depth) {
        if (depth == deepest) return unsupported(expression_, "too many brackets inside of each other");
        if (peek().kind != Token::Kind::name ||
            is_one_of(peek().text, {"not", "true", "false", "none", "True", "False", "None"}))
            return unsupported(expression_, what_is_here());
        VariablePath path;
        path.root = peek().text;
        ++at_;
        for (;;) {
            if (is_mark('.')) {
                ++at_;
                MULLION_TRY(attribute(path));
            } else if (is_mark('[')) {
                ++at_;
                MULLION_TRY(subscript(path, depth));
            } else {
                return path;
            }
        }
    }

    Result<void> attribute(VariablePath& path) {
        if (peek().kind == Token::Kind::name) {
            path.steps.push_back({peek().text});
        } else if (peek().kind == Token::Kind::number) {
            path.steps.push_back({peek().number});
        } else {
            return unsupported(expression_, "a dot without a name");
        }
        ++at_;
        return {};
    }

    Result<void> subscript(VariablePath& path, unsigned depth) {
        const bool negative = is_mark('-');
        if (negative) ++at_;
        if (peek().kind == Token::Kind::number) {
            path.steps.push_back({negative ? -peek().number : peek().number});
            ++at_;
        } else if (negative) {
            return unsupported(expression_, "an operator");
        } else if (peek().kind == Token::Kind::string) {
            path.steps.push_back({peek().text});
            ++at_;
        } else {
            const auto begin = peek().place;
            MULLION_ASSIGN(auto inner, this->path(depth + 1));
            inner.text = expression_.substr(begin, peek().place - begin);
            path.steps.push_back({std::move(inner)});
        }
        if (!is_mark(']'))
            return unsupported(expression_, is_mark(':') ? "a slice" : "a bracket that is not closed");
        ++at_;
        return {};
    }

    // Where a name should stand.
    [[nodiscard]] std::string what_is_here() const {
        const auto& token = peek();
        if (token.kind == Token::Kind::end) return "nothing in it";
        if (token.kind == Token::Kind::name) return fmt::format("'{}' in it", token.text);
        if (token.kind != Token::Kind::mark) return "a literal in it";
        return fmt::format("'{}' in it", token.text);
    }

    // After a whole path.
    [[nodiscard]] std::string what_follows(const VariablePath& path) const {
        const auto& token = peek();
        if (is_mark('|')) {
            const auto& next = tokens_[std::min(at_ + 1, tokens_.size() - 1)];
            return fmt::format("the filter '{}' in it", next.text);
        }
        if (is_mark('(')) {
            const bool lookup = path.steps.empty() && is_one_of(path.root, {"lookup", "query", "q"});
            return lookup ? "a look-up in it" : fmt::format("a call of '{}' in it", name_of_call(path));
        }
        if (token.kind == Token::Kind::name && token.text == "is") return "a test ('is') in it";
        if (token.kind == Token::Kind::name && token.text == "if") return "a condition ('if') in it";
        return fmt::format("the operator '{}' in it", token.text);
    }
    static std::string name_of_call(const VariablePath& path) {
        if (path.steps.empty()) return path.root;
        const auto* const name = std::get_if<std::string>(&path.steps.back().key);
        return name == nullptr ? path.root : *name;
    }

    std::string_view expression_;
    const std::vector<Token>& tokens_;
    std::size_t at_ = 0;
};

std::string_view without_blanks_behind(std::string_view text) {
    while (!text.empty() && is_template_blank(text.back())) text.remove_suffix(1);
    return text;
}
std::string_view without_blanks_before(std::string_view text) {
    while (!text.empty() && is_template_blank(text.front())) text.remove_prefix(1);
    return text;
}

// Where "{{", "{%" or "{#" begins.
std::size_t find_opening(std::string_view text) {
    for (auto at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
        const auto two = text.substr(at, 2);
        if (two == "{{" || two == "{%" || two == "{#") return at;
    }
    return std::string_view::npos;
}

Error wrong_opening(std::string_view text) {
    if (text[1] == '#') return {ErrorId::inventory_variable, "a template comment ('{#') is not supported"};
    auto word = without_blanks_before(text.substr(2));
    if (!word.empty() && (word.front() == '-' || word.front() == '+'))
        word = without_blanks_before(word.substr(1));
    const auto end = std::find_if(word.begin(), word.end(), [](char c) { return !is_template_word(c); });
    return {ErrorId::inventory_variable,
            fmt::format("a template statement ('{{% {} …') is not supported",
                        word.substr(0, static_cast<std::size_t>(end - word.begin())))};
}

}  // namespace

bool is_template(std::string_view text) {
    return find_opening(text) != std::string_view::npos;
}

Result<std::vector<TemplatePiece>> parse_template(std::string_view text) {
    if (text.size() > longest_text) return Error{ErrorId::inventory_variable, "the template is too long"};
    std::vector<TemplatePiece> pieces;
    const auto add_text = [&](std::string_view literal) {
        if (!literal.empty()) pieces.emplace_back(std::string(literal));
    };
    for (auto open = find_opening(text); open != std::string_view::npos; open = find_opening(text)) {
        if (text[open + 1] != '{') return wrong_opening(text.substr(open));
        if (pieces.size() > most_pieces)
            return Error{ErrorId::inventory_variable, "the template has too many parts"};
        const bool strip_before = text.substr(open + 2, 1) == "-";
        add_text(strip_before ? without_blanks_behind(text.substr(0, open)) : text.substr(0, open));
        text.remove_prefix(open + (strip_before ? 3 : 2));
        MULLION_ASSIGN(const auto found, tokenize(text));
        auto expression = text.substr(0, found.length);
        MULLION_ASSIGN(auto path, PathReader(without_blanks_behind(expression), found.tokens).read());
        path.text = without_blanks_before(path.text);
        pieces.emplace_back(std::move(path));
        text.remove_prefix(found.length + (found.strip_after ? 3 : 2));
        if (found.strip_after) text = without_blanks_before(text);
    }
    add_text(text);
    return pieces;
}

}  // namespace mullion::inventory
