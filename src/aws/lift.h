// Takes secrets out of an answer before a parser makes copies of it: what is left has stars in their place.
// Pure.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"

namespace mullion::aws {

struct Lifted {
    std::map<std::string, Secret, std::less<>> secrets;  // By name; a name that was not there is missing.
    std::string rest;

    [[nodiscard]] Secret take(std::string_view name);  // Empty where there was none.
};

// String values of an object's own members, by name. Errors: aws.answer (not an object, nested deeper than
// 16, a member twice, a value with escapes that no key or token has)
[[nodiscard]] Result<Lifted> lift_json(std::string_view text, std::initializer_list<std::string_view> names);
// Texts of elements by local name, wherever they stand. Errors: aws.answer (one twice or not closed, markup
// in it)
[[nodiscard]] Result<Lifted> lift_xml(std::string_view text, std::initializer_list<std::string_view> names);

}  // namespace mullion::aws
