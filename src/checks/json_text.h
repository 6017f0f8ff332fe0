// JSON that scripts on the host print: flat objects of texts, numbers and truth, one or a list of them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mullion::checks {

// A member that is null has no text; true and false are those words; a list or an object within is left out.
using JsonObject = std::map<std::string, std::optional<std::string>, std::less<>>;

// Nothing where the text is no JSON, nests deeper than 16, or is no object nor a list of objects. An object
// alone is a list of one: PowerShell writes a list of one so. Bytes that are no UTF-8 are no JSON.
[[nodiscard]] std::optional<std::vector<JsonObject>> json_objects(std::string_view text);

}  // namespace mullion::checks
