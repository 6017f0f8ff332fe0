// Conditions over %{variables}, as --warning-status, --filter-perfdata-adv and --change-output-adv take them:
// the part of Perl's expressions that compares texts and numbers. Nothing of Perl's own can be called.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace mullion::checks {

struct ConditionNode;

class Condition {
public:
    // What a variable is; nothing where there is none, which is the empty text and not defined().
    using Lookup = std::function<std::optional<std::string>(std::string_view name)>;

    // %{name} or %(name), 'text', "text with %{name}", numbers; =~ !~ with /regex/flags or m{regex};
    // eq ne lt gt le ge cmp == != < > <= >= <=>; ! not && and || or xor ?: // ; + - * / % . ; parentheses;
    // defined lc uc length abs int. As Perl binds them.
    // Errors: usage.invalid, with the option's name and the place.
    [[nodiscard]] static Result<Condition> compile(std::string_view text, std::string_view option);

    // Perl's truth: all but "" and "0".
    // Errors: usage.invalid for a division by zero, or a regular expression without end.
    [[nodiscard]] Result<bool> holds(const Lookup& lookup) const;
    [[nodiscard]] Result<std::string> value(const Lookup& lookup) const;
    // As value(), and a text that is no number is an error where Perl takes it for 0.
    [[nodiscard]] Result<std::string> strict_value(const Lookup& lookup) const;
    // The names of all variables in it, in the order in which they stand there.
    [[nodiscard]] std::vector<std::string> variables() const;

private:
    Condition(std::shared_ptr<const ConditionNode> root, std::string option)
        : root_(std::move(root)), option_(std::move(option)) {}
    std::shared_ptr<const ConditionNode> root_;
    std::string option_;
};

// As Perl takes a text for a number: what stands at its front, else 0.
[[nodiscard]] double numeric(std::string_view text);
// Whether all of a text is a number. An empty one is none.
[[nodiscard]] bool is_number(std::string_view text);
[[nodiscard]] bool is_true(std::string_view text);

}  // namespace mullion::checks
