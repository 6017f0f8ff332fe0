#include "secrets/entities/identifier.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mullion::secrets {
namespace {

constexpr std::size_t longest = 128;
constexpr std::array<std::string_view, 26> keywords = {"or",        "and",
                                                       "eq",        "ne",
                                                       "lt",        "gt",
                                                       "le",        "ge",
                                                       "div",       "mod",
                                                       "not",       "null",
                                                       "true",      "false",
                                                       "new",       "var",
                                                       "return",    "step",
                                                       "org",       "parallel",
                                                       "stepGroup", "account",
                                                       "status",    "liteEngineTask",
                                                       "class",     "shellScriptProvisioner"};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool may_follow(char c) {
    return is_letter(c) || is_digit(c) || c == '$' || c == '-';
}
bool in_a_name(char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == ' ' || (c >= '\t' && c <= '\r');
}

}  // namespace

Result<void> check_identifier(std::string_view id) {
    if (id.empty()) return Error(ErrorId::secrets_invalid, "an identifier cannot be empty");
    if (id.size() > longest || !is_letter(id.front()) || !std::all_of(id.begin() + 1, id.end(), may_follow)) {
        return Error(
            ErrorId::secrets_invalid,
            fmt::format("the identifier '{}' can be {} characters long and can only contain alphanumeric, "
                        "underscore and $ characters, and not start with a number or $",
                        id.substr(0, longest + 1), longest));
    }
    if (std::find(keywords.begin(), keywords.end(), id) != keywords.end()) {
        return Error(ErrorId::secrets_invalid, fmt::format("{} is a keyword, so cannot be used", id));
    }
    return {};
}

Result<void> check_name(std::string_view name) {
    if (name.empty()) return Error(ErrorId::secrets_invalid, "a name cannot be empty");
    const bool blank_first = name.front() == ' ' || (name.front() >= '\t' && name.front() <= '\r');
    if (name.size() > longest || blank_first || !std::all_of(name.begin(), name.end(), in_a_name)) {
        return Error(
            ErrorId::secrets_invalid,
            fmt::format("the name '{}' can be {} characters long and can only contain alphanumeric "
                        "characters, underscores, hyphens, dots and blanks, and not start with a blank",
                        name.substr(0, longest + 1), longest));
    }
    return {};
}

Result<std::string> identifier_of(std::string_view name) {
    MULLION_TRY(check_name(name));
    std::string id(name);
    for (char& c : id) {
        if (!is_letter(c) && !is_digit(c)) c = '_';
    }
    if (is_digit(id.front())) id.insert(id.begin(), '_');
    id.resize(std::min(id.size(), longest));
    MULLION_TRY(check_identifier(id));
    return id;
}

}  // namespace mullion::secrets
