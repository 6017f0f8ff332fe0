#include "cli/secret_versions.h"

#include "secrets/entities/references.h"

namespace mullion::cli {

bool has_value(const secrets::Entity& entity) {
    return std::holds_alternative<secrets::TextSecret>(entity.spec) ||
           std::holds_alternative<secrets::FileSecret>(entity.spec);
}

Result<std::vector<secrets::Version>> versions_of(secrets::Store& store, const secrets::Stored& stored) {
    if (!has_value(stored.entity)) return std::vector<secrets::Version>();
    return store.versions(stored.entity.identity);
}

Result<bool> go_back(SecretStore& opened, const secrets::Purpose& purpose, const secrets::Stored& before,
                     const GoBack& to) {
    const auto& what = before.entity.identity;
    if (!to.alone)
        return Error(ErrorId::usage_invalid, "--use-version stands alone: the value is one that is there");
    if (!has_value(before.entity))
        return Error(ErrorId::secrets_kind, secrets::in_words(what) + " has no value of its own");
    if (before.version == to.version) return false;
    MULLION_TRY(opened.store().make_current(opened.principal(), purpose, what, to.version));
    return true;
}

}  // namespace mullion::cli
