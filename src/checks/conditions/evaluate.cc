#include <cmath>
#include <cstdlib>
#include <utility>

#include "checks/bytes.h"
#include "checks/conditions/condition.h"
#include "checks/conditions/node.h"
#include "core/printable.h"

namespace mullion::checks {
namespace {

constexpr std::size_t longest = 1024 * 1024;

// What does not hold is an empty text to Perl, which counts as 0. Where an empty text of a host is no number,
// it is 0 at once.
std::string truth(bool value, bool strict) {
    if (value) return "1";
    return strict ? "0" : "";
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c;
}

std::string mapped(std::string text, char (*to)(char)) {
    for (char& c : text) c = to(c);
    return text;
}

template <class T>
std::string compared(const std::string& with, const T& a, const T& b, bool strict) {
    if (with == "==" || with == "eq") return truth(a == b, strict);
    if (with == "!=" || with == "ne") return truth(a != b, strict);
    if (with == "<" || with == "lt") return truth(a < b, strict);
    if (with == ">" || with == "gt") return truth(a > b, strict);
    if (with == "<=" || with == "le") return truth(a <= b, strict);
    if (with == ">=" || with == "ge") return truth(a >= b, strict);
    return a < b ? "-1" : a > b ? "1" : "0";
}

class Evaluation {
public:
    Evaluation(const Condition::Lookup& lookup, const std::string& option, bool strict)
        : lookup_(lookup), option_(option), strict_(strict) {}
    [[nodiscard]] Result<std::string> value(const ConditionNode& node) const;

private:
    [[nodiscard]] Result<std::string> joined(const ConditionNode& node) const;
    [[nodiscard]] Result<std::string> matches(const ConditionNode& node) const;
    [[nodiscard]] Result<std::string> logic(const ConditionNode& node) const;
    [[nodiscard]] Result<std::string> calculated(const ConditionNode& node) const;
    [[nodiscard]] Result<std::string> called(const ConditionNode& node) const;
    [[nodiscard]] Result<double> number(const ConditionNode& node) const;
    [[nodiscard]] Result<double> number_in(const std::string& text) const;
    [[nodiscard]] bool defined(const ConditionNode& node) const {
        return node.operation != Operation::variable || lookup_(node.text).has_value();
    }

    const Condition::Lookup& lookup_;
    const std::string& option_;
    const bool strict_;
};

Result<double> Evaluation::number_in(const std::string& text) const {
    if (strict_ && !is_number(text))
        return Error(
            ErrorId::usage_invalid,
            "--" + option_ + ": '" + one_line(std::string_view(text).substr(0, 80)) + "' is no number");
    return numeric(text);
}

Result<double> Evaluation::number(const ConditionNode& node) const {
    MULLION_ASSIGN(const auto text, value(node));
    return number_in(text);
}

Result<std::string> Evaluation::value(const ConditionNode& node) const {
    switch (node.operation) {
        case Operation::text:
            return node.text;
        case Operation::variable:
            return lookup_(node.text).value_or(std::string());
        case Operation::joined:
            return joined(node);
        case Operation::matches:
            return matches(node);
        case Operation::function:
            return called(node);
        case Operation::calculate:
            return calculated(node);
        case Operation::compare: {
            MULLION_ASSIGN(const double a, number(*node.parts[0]));
            MULLION_ASSIGN(const double b, number(*node.parts[1]));
            return compared(node.text, a, b, strict_);
        }
        case Operation::compare_text: {
            MULLION_ASSIGN(const auto a, value(*node.parts[0]));
            MULLION_ASSIGN(const auto b, value(*node.parts[1]));
            return compared(node.text, a, b, strict_);
        }
        default:
            return logic(node);
    }
}

Result<std::string> Evaluation::joined(const ConditionNode& node) const {
    std::string text;
    for (const auto& part : node.parts) {
        MULLION_ASSIGN(const auto more, value(*part));
        text += more;
        if (text.size() > longest)
            return Error(ErrorId::usage_invalid, "--" + option_ + ": a text is too long");
    }
    return text;
}

Result<std::string> Evaluation::matches(const ConditionNode& node) const {
    MULLION_ASSIGN(const auto subject, value(*node.parts[0]));
    if (node.regex) {
        MULLION_ASSIGN(const bool found, node.regex->matches(subject));
        return truth(found, strict_);
    }
    MULLION_ASSIGN(const auto pattern, value(*node.parts[1]));
    MULLION_ASSIGN(const auto regex, Regex::compile(pattern, option_, node.text));
    MULLION_ASSIGN(const bool found, regex.matches(subject));
    return truth(found, strict_);
}

Result<std::string> Evaluation::logic(const ConditionNode& node) const {
    MULLION_ASSIGN(auto first, value(*node.parts[0]));
    switch (node.operation) {
        case Operation::negated:
            return truth(!is_true(first), strict_);
        case Operation::minus: {
            MULLION_ASSIGN(const double number, number_in(first));
            return perl_number(-number);
        }
        case Operation::both:
            return is_true(first) ? value(*node.parts[1]) : Result<std::string>(std::move(first));
        case Operation::either:
            return is_true(first) ? Result<std::string>(std::move(first)) : value(*node.parts[1]);
        case Operation::fallback:
            return defined(*node.parts[0]) ? Result<std::string>(std::move(first)) : value(*node.parts[1]);
        case Operation::choice:
            return value(*node.parts[is_true(first) ? 1 : 2]);
        default: {
            MULLION_ASSIGN(const auto second, value(*node.parts[1]));
            return truth(is_true(first) != is_true(second), strict_);
        }
    }
}

// Perl's % is of whole numbers, and has the sign of the right one.
double remainder_of(double a, double b) {
    const double rest = std::fmod(std::trunc(a), b);
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

Result<std::string> Evaluation::calculated(const ConditionNode& node) const {
    MULLION_ASSIGN(const auto first, value(*node.parts[0]));
    MULLION_ASSIGN(const auto second, value(*node.parts[1]));
    const char with = node.text.front();
    if (with == '.') {
        if (first.size() + second.size() > longest)
            return Error(ErrorId::usage_invalid, "--" + option_ + ": a text is too long");
        return first + second;
    }
    MULLION_ASSIGN(const double a, number_in(first));
    MULLION_ASSIGN(const double divisor, number_in(second));
    const double b = with == '%' ? std::trunc(divisor) : divisor;
    if (with == '+') return perl_number(a + b);
    if (with == '-') return perl_number(a - b);
    if (with == '*') return perl_number(a * b);
    if (b == 0) return Error(ErrorId::usage_invalid, "--" + option_ + ": a division by zero");
    return perl_number(with == '/' ? a / b : remainder_of(a, b));
}

Result<std::string> Evaluation::called(const ConditionNode& node) const {
    if (node.text == "defined") return truth(defined(*node.parts[0]), strict_);
    MULLION_ASSIGN(auto text, value(*node.parts[0]));
    if (node.text == "lc") return mapped(std::move(text), lower);
    if (node.text == "uc") return mapped(std::move(text), upper);
    if (node.text == "length") return std::to_string(text.size());
    MULLION_ASSIGN(const double number, number_in(text));
    return perl_number(node.text == "abs" ? std::abs(number) : std::trunc(number));
}

}  // namespace

double numeric(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\n\v\f\r");
    if (first == std::string_view::npos) return 0;
    const auto number = std::string(text.substr(first, 400));
    // strtod() reads hexadecimal numbers, which Perl does not.
    const auto digits = number.find_first_not_of("+-");
    if (digits != std::string::npos && number[digits] == '0' && digits + 1 < number.size() &&
        (number[digits + 1] | 0x20) == 'x')
        return 0;
    return std::strtod(number.c_str(), nullptr);
}

bool is_number(std::string_view text) {
    const auto digits = text.find_first_not_of("+-");
    if (digits == std::string_view::npos || digits > 1 || text.size() > 400) return false;
    const char first = text[digits];
    // strtod() also reads words ("nan") and hexadecimal numbers.
    if (!(first >= '0' && first <= '9') && first != '.') return false;
    if (text.find_first_of("xX") != std::string_view::npos) return false;
    const std::string number(text);
    char* end = nullptr;
    (void)std::strtod(number.c_str(), &end);
    return end == number.c_str() + number.size();
}

bool is_true(std::string_view text) {
    return !text.empty() && text != "0";
}

Result<std::string> Condition::value(const Lookup& lookup) const {
    return Evaluation(lookup, option_, false).value(*root_);
}

Result<std::string> Condition::strict_value(const Lookup& lookup) const {
    return Evaluation(lookup, option_, true).value(*root_);
}

std::vector<std::string> Condition::variables() const {
    std::vector<std::string> names;
    std::vector<const ConditionNode*> left{root_.get()};
    while (!left.empty()) {
        const auto* const node = left.back();
        left.pop_back();
        if (node->operation == Operation::variable) names.push_back(node->text);
        for (auto part = node->parts.rbegin(); part != node->parts.rend(); ++part)
            left.push_back(part->get());
    }
    return names;
}

Result<bool> Condition::holds(const Lookup& lookup) const {
    MULLION_ASSIGN(const auto text, value(lookup));
    return is_true(text);
}

}  // namespace mullion::checks
