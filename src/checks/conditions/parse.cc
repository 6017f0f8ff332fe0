// Reads a condition, by Perl's order of operators (perlop).
#include <algorithm>
#include <array>
#include <span>

#include "checks/conditions/condition.h"
#include "checks/conditions/lexer.h"
#include "checks/conditions/node.h"

namespace mullion::checks {
namespace {

constexpr int deepest = 50;

using Kind = ConditionToken::Kind;

NodePointer make(Operation operation, std::string text, std::vector<NodePointer> parts = {}) {
    return std::make_shared<const ConditionNode>(
        ConditionNode{operation, std::move(text), std::move(parts), nullptr});
}

char unescaped(char c) {
    if (c == 'n') return '\n';
    if (c == 't') return '\t';
    return c == 'r' ? '\r' : c;
}

// A text with variables: its parts. Of a pattern, what is guarded by a backslash stays guarded.
NodePointer interpolated(std::string_view text, bool pattern) {
    std::vector<NodePointer> parts;
    std::string plain;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '\\' && at + 1 < text.size()) {
            if (pattern)
                plain += text.substr(at, 2);
            else
                plain += unescaped(text[at + 1]);
            at += 2;
            continue;
        }
        if (auto name = take_variable(text, at); !name.empty()) {
            if (!plain.empty()) parts.push_back(make(Operation::text, std::move(plain)));
            plain.clear();
            parts.push_back(make(Operation::variable, std::move(name)));
            continue;
        }
        plain += text[at++];
    }
    if (parts.empty()) return make(Operation::text, std::move(plain));
    if (!plain.empty()) parts.push_back(make(Operation::text, std::move(plain)));
    return make(Operation::joined, {}, std::move(parts));
}

struct Operator {
    std::string_view text;
    Operation operation;
};

// One level of operators that bind from the left, the loosest first.
using Level = std::span<const Operator>;

constexpr std::array<Operator, 2> loose_or = {{{"or", Operation::either}, {"xor", Operation::one_of}}};
constexpr std::array<Operator, 1> loose_and = {{{"and", Operation::both}}};
constexpr std::array<Operator, 2> tight_or = {{{"||", Operation::either}, {"//", Operation::fallback}}};
constexpr std::array<Operator, 1> tight_and = {{{"&&", Operation::both}}};
constexpr std::array<Operator, 6> equal = {{{"==", Operation::compare},
                                            {"!=", Operation::compare},
                                            {"<=>", Operation::compare},
                                            {"eq", Operation::compare_text},
                                            {"ne", Operation::compare_text},
                                            {"cmp", Operation::compare_text}}};
constexpr std::array<Operator, 8> order = {{{"<", Operation::compare},
                                            {">", Operation::compare},
                                            {"<=", Operation::compare},
                                            {">=", Operation::compare},
                                            {"lt", Operation::compare_text},
                                            {"gt", Operation::compare_text},
                                            {"le", Operation::compare_text},
                                            {"ge", Operation::compare_text}}};
constexpr std::array<Operator, 3> sum = {
    {{"+", Operation::calculate}, {"-", Operation::calculate}, {".", Operation::calculate}}};
constexpr std::array<Operator, 3> product = {
    {{"*", Operation::calculate}, {"/", Operation::calculate}, {"%", Operation::calculate}}};

constexpr std::array<std::string_view, 6> functions = {"defined", "lc", "uc", "length", "abs", "int"};

class Parser {
public:
    Parser(std::vector<ConditionToken> tokens, std::string_view option)
        : tokens_(std::move(tokens)), option_(option) {}
    [[nodiscard]] Result<NodePointer> all();

private:
    [[nodiscard]] Result<NodePointer> either() { return level(loose_or, &Parser::both); }
    [[nodiscard]] Result<NodePointer> both() { return level(loose_and, &Parser::loose_not); }
    [[nodiscard]] Result<NodePointer> loose_not();
    [[nodiscard]] Result<NodePointer> choice();
    [[nodiscard]] Result<NodePointer> tight_either() { return level(tight_or, &Parser::tight_both); }
    [[nodiscard]] Result<NodePointer> tight_both() { return level(tight_and, &Parser::equality); }
    [[nodiscard]] Result<NodePointer> equality() { return level(equal, &Parser::ordering); }
    [[nodiscard]] Result<NodePointer> ordering() { return level(order, &Parser::sums); }
    [[nodiscard]] Result<NodePointer> sums() { return level(sum, &Parser::products); }
    [[nodiscard]] Result<NodePointer> products() { return level(product, &Parser::binding); }
    [[nodiscard]] Result<NodePointer> binding();
    [[nodiscard]] Result<NodePointer> unary();
    [[nodiscard]] Result<NodePointer> primary();
    [[nodiscard]] std::optional<Result<NodePointer>> call(const ConditionToken& name);
    [[nodiscard]] Result<NodePointer> pattern(NodePointer subject);

    [[nodiscard]] Result<NodePointer> level(Level operators, Result<NodePointer> (Parser::*below)());
    [[nodiscard]] const ConditionToken& here() const { return tokens_[at_]; }
    [[nodiscard]] bool is(std::string_view text) const;
    [[nodiscard]] bool take(std::string_view text);
    [[nodiscard]] Error expected(const std::string& what) const;

    std::vector<ConditionToken> tokens_;
    std::string_view option_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

bool Parser::is(std::string_view text) const {
    return (here().kind == Kind::sign || here().kind == Kind::word) && here().text == text;
}

bool Parser::take(std::string_view text) {
    if (!is(text)) return false;
    ++at_;
    return true;
}

Error Parser::expected(const std::string& what) const {
    const auto found = here().kind == Kind::end ? std::string("its end") : "'" + here().text + "'";
    return wrong_condition(option_, here().place, what + " was expected, not " + found);
}

Result<NodePointer> Parser::all() {
    MULLION_ASSIGN(auto root, either());
    if (take(";") && here().kind != Kind::end) return expected("nothing behind ';'");
    if (here().kind != Kind::end) return expected("an operator");
    return root;
}

Result<NodePointer> Parser::level(Level operators, Result<NodePointer> (Parser::*below)()) {
    MULLION_ASSIGN(auto left, (this->*below)());
    while (true) {
        const auto found = std::find_if(operators.begin(), operators.end(),
                                        [&](const Operator& known) { return is(known.text); });
        if (found == operators.end()) return left;
        ++at_;
        MULLION_ASSIGN(auto right, (this->*below)());
        left = make(found->operation, std::string(found->text), {std::move(left), std::move(right)});
    }
}

// Every way down to another expression passes one of the three that count: loose_not, choice, unary.
struct Deeper {
    explicit Deeper(int& depth) : depth(depth) { ++depth; }
    ~Deeper() { --depth; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    int& depth;
};

Result<NodePointer> Parser::loose_not() {
    const Deeper deeper(depth_);
    if (depth_ > deepest) return wrong_condition(option_, here().place, "it is too deep");
    if (!take("not")) return choice();
    MULLION_ASSIGN(auto what, loose_not());
    return make(Operation::negated, {}, {std::move(what)});
}

Result<NodePointer> Parser::choice() {
    const Deeper deeper(depth_);
    if (depth_ > deepest) return wrong_condition(option_, here().place, "it is too deep");
    MULLION_ASSIGN(auto condition, tight_either());
    if (!take("?")) return condition;
    MULLION_ASSIGN(auto then, choice());
    if (!take(":")) return expected("':'");
    MULLION_ASSIGN(auto otherwise, choice());
    return make(Operation::choice, {}, {std::move(condition), std::move(then), std::move(otherwise)});
}

Result<NodePointer> Parser::binding() {
    MULLION_ASSIGN(auto left, unary());
    while (is("=~") || is("!~")) {
        const bool negated = tokens_[at_++].text == "!~";
        MULLION_ASSIGN(left, pattern(std::move(left)));
        if (negated) left = make(Operation::negated, {}, {std::move(left)});
    }
    return left;
}

Result<NodePointer> Parser::pattern(NodePointer subject) {
    ConditionNode node{Operation::matches, {}, {std::move(subject)}, nullptr};
    if (here().kind != Kind::regex) {
        MULLION_ASSIGN(auto text, unary());
        node.parts.push_back(std::move(text));
        return std::make_shared<const ConditionNode>(std::move(node));
    }
    const auto token = tokens_[at_++];
    node.text = token.flags;
    auto text = interpolated(token.text, true);
    // The flags are refused here also where the pattern is known later.
    const bool fixed = text->operation == Operation::text;
    MULLION_ASSIGN(auto regex, Regex::compile(fixed ? text->text : std::string(), option_, token.flags));
    if (fixed)
        node.regex = std::make_shared<const Regex>(std::move(regex));
    else
        node.parts.push_back(std::move(text));
    return std::make_shared<const ConditionNode>(std::move(node));
}

Result<NodePointer> Parser::unary() {
    const Deeper deeper(depth_);
    if (depth_ > deepest) return wrong_condition(option_, here().place, "it is too deep");
    if (take("!")) {
        MULLION_ASSIGN(auto what, unary());
        return make(Operation::negated, {}, {std::move(what)});
    }
    if (take("-")) {
        MULLION_ASSIGN(auto what, unary());
        return make(Operation::minus, {}, {std::move(what)});
    }
    if (take("+")) return unary();
    return primary();
}

// A function, its name being behind us; nothing where it is none.
std::optional<Result<NodePointer>> Parser::call(const ConditionToken& name) {
    const bool known = std::find(functions.begin(), functions.end(), name.text) != functions.end();
    const bool opened = take("(");
    if (!opened && !known) return {};
    // What only the caller can tell: it is asked for it as for a variable.
    if (opened && name.text == "alert_triggered" && take(")")) return make(Operation::variable, name.text);
    // Without parentheses it takes what binds tighter than "<".
    auto what = opened ? either() : sums();
    if (!what) return what;
    if (opened && !take(")")) return expected("')'");
    if (!known) return wrong_condition(option_, name.place, "there is no function '" + name.text + "'");
    return make(Operation::function, name.text, {std::move(*what)});
}

Result<NodePointer> Parser::primary() {
    const auto& token = here();
    if (take("(")) {
        MULLION_ASSIGN(auto inner, either());
        if (!take(")")) return expected("')'");
        return inner;
    }
    ++at_;
    switch (token.kind) {
        case Kind::number:
        case Kind::text:
            return make(Operation::text, token.text);
        case Kind::quoted:
            return interpolated(token.text, false);
        case Kind::variable:
            return make(Operation::variable, token.text);
        case Kind::word:
            if (auto called = call(token)) return *std::move(called);
            break;
        default:
            break;
    }
    --at_;
    return expected("a value");
}

}  // namespace

Result<Condition> Condition::compile(std::string_view text, std::string_view option) {
    MULLION_ASSIGN(auto words, read_words(text, option));
    MULLION_ASSIGN(auto root, Parser(std::move(words), option).all());
    return Condition(std::move(root), std::string(option));
}

}  // namespace mullion::checks
