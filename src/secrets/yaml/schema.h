// The forms as a JSON schema, for editors (docs/formats/secrets.schema.json). It says which keys there are
// and of what kind; the rules of each field are validate.h's.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace mullion::secrets {

// Of one YAML document; a file may have several.
[[nodiscard]] nlohmann::ordered_json forms_schema();

}  // namespace mullion::secrets
