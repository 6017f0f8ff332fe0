// What is shown of secrets, credentials and connectors: everything but their values.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "secrets/store/store.h"

namespace mullion::cli {

// {"secret":{…},"version":3,"created":"…","changed":"…","test":{…}|null}; "version" only where there is a
// value.
[[nodiscard]] nlohmann::ordered_json stored_json(const secrets::Stored& stored);

// Of a value, newest first: [{"version":2,"created":"…","current":true},…], and a line for each.
[[nodiscard]] nlohmann::ordered_json versions_json(const std::vector<secrets::Version>& versions);
[[nodiscard]] std::string versions_text(const std::vector<secrets::Version>& versions);

// A line of columns for each: scope, identifier, kind, name, version.
[[nodiscard]] std::string secret_table(const std::vector<secrets::Stored>& all);

// Its fields, what is worth knowing of them, and who refers to it.
[[nodiscard]] std::string secret_page(const secrets::Stored& stored,
                                      const std::vector<secrets::Referrer>& referrers);

}  // namespace mullion::cli
