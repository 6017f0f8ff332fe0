// Fields as options of the command line: each sets a place of the form, which is then read as if it had been
// written in a file. So an option means what its key means, and is refused for the same reasons.
#pragma once

#include <nlohmann/json.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "secrets/entities/entity.h"

namespace mullion::secrets {

enum class FieldOf : unsigned { text = 1, file = 2, credential = 4, aws_kms = 8, pdc = 16 };

struct FieldOption {
    std::string_view flag;  // "--username"
    unsigned of;            // Of which kinds: FieldOf, or'ed.
    std::string_view type;  // "REF"; "yes|no"
    std::string_view help;
    bool repeatable;  // All values given replace those there were; one empty value takes them all away.
    // `inner` is what stands below "secret" or "connector". Errors: usage.invalid
    Result<void> (*set)(nlohmann::ordered_json& inner, const std::vector<std::string>& values);

    [[nodiscard]] bool is_of(FieldOf kind) const { return (of & static_cast<unsigned>(kind)) != 0; }
};
// In the order in which they are to be set: first what decides which others there are.
[[nodiscard]] std::span<const FieldOption> field_options();

struct SetField {
    const FieldOption* option;
    std::vector<std::string> values;
};

// A new one; `type` is Harness's word. Without an identifier it comes from the name. Errors: secrets.invalid,
// usage.invalid
[[nodiscard]] Result<Entity> made(std::string_view type, const Scope& scope, std::string_view id,
                                  const std::vector<SetField>& fields);
// With other fields; what is not named stays, but what has no meaning after a change of log-on, ticket or
// credential goes. Errors: as above
[[nodiscard]] Result<Entity> edited(const Entity& before, const std::vector<SetField>& fields);

}  // namespace mullion::secrets
