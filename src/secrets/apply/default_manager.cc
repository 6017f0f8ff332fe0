#include "secrets/apply/default_manager.h"

#include <utility>
#include <variant>

namespace mullion::secrets {

Result<Reference> default_manager(const Scope& scope, const FindDefault& of_scope) {
    using Level = Reference::Level;
    MULLION_ASSIGN(const auto own, of_scope(scope));
    if (own) return Reference{Level::same, own->id};
    if (!scope.project.empty()) {
        MULLION_ASSIGN(const auto orgs, of_scope(Scope{scope.org, {}}));
        if (orgs) return Reference{Level::org, orgs->id};
    }
    if (!scope.org.empty()) {
        MULLION_ASSIGN(const auto accounts, of_scope(Scope{}));
        if (accounts) return Reference{Level::account, accounts->id};
    }
    return Reference{Level::same, builtin_manager_id};
}

Result<void> take_default_manager(Entity& entity, const FindDefault& of_scope) {
    auto* const text = std::get_if<TextSecret>(&entity.spec);
    auto* const file = std::get_if<FileSecret>(&entity.spec);
    if (text == nullptr && file == nullptr) return {};
    MULLION_ASSIGN(auto manager, default_manager(entity.identity.scope, of_scope));
    (text != nullptr ? text->manager : file->manager) = std::move(manager);
    return {};
}

}  // namespace mullion::secrets
