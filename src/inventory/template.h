// The text of a template, read: what is text, and which variables are named in between. No more of Jinja.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.h"

namespace mullion::inventory {

// "a", "a.b", "a['b']", "a[0]", "a[b.c]"
struct VariablePath {
    struct Step;
    std::string root;
    std::vector<Step> steps;
    std::string text;  // As written, for errors.
};
struct VariablePath::Step {
    std::variant<std::string, std::int64_t, VariablePath> key;
};

using TemplatePiece = std::variant<std::string, VariablePath>;

// True where Jinja would find something to do.
[[nodiscard]] bool is_template(std::string_view text);

// Errors: inventory.variable, without a place (a construct that is not supported, by name; braces that do not
// match). Only what is inside of braces is repeated: the text beside them may be secret.
[[nodiscard]] Result<std::vector<TemplatePiece>> parse_template(std::string_view text);

}  // namespace mullion::inventory
