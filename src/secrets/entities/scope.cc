#include "secrets/entities/scope.h"

#include <fmt/format.h>

#include "secrets/entities/identifier.h"

namespace mullion::secrets {

Result<Scope> parse_scope(std::string_view text) {
    const auto wrong = [&] {
        return Error(ErrorId::secrets_invalid,
                     fmt::format("the scope '{}' is none of account, org:ORG and project:ORG/PROJECT", text));
    };
    if (text == "account") return Scope{};
    Scope scope;
    if (text.starts_with("org:")) {
        scope.org = text.substr(4);
        MULLION_TRY(check_identifier(scope.org));
        return scope;
    }
    if (!text.starts_with("project:")) return wrong();
    text.remove_prefix(8);
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return wrong();
    scope.org = text.substr(0, slash);
    scope.project = text.substr(slash + 1);
    MULLION_TRY(check_identifier(scope.org));
    MULLION_TRY(check_identifier(scope.project));
    return scope;
}

std::string scope_text(const Scope& scope) {
    if (scope.org.empty()) return "account";
    if (scope.project.empty()) return "org:" + scope.org;
    return fmt::format("project:{}/{}", scope.org, scope.project);
}

Result<Reference> parse_reference(std::string_view text) {
    Reference reference;
    if (const auto dot = text.find('.'); dot != std::string_view::npos) {
        const auto level = text.substr(0, dot);
        if (level == "account") {
            reference.level = Reference::Level::account;
        } else if (level == "org") {
            reference.level = Reference::Level::org;
        } else {
            return Error(ErrorId::secrets_invalid,
                         fmt::format("Invalid Secret Reference: '{}'; write id, org.id or account.id", text));
        }
        text.remove_prefix(dot + 1);
    }
    MULLION_TRY(check_identifier(text));
    reference.id = text;
    return reference;
}

std::string reference_text(const Reference& reference) {
    switch (reference.level) {
        case Reference::Level::account:
            return "account." + reference.id;
        case Reference::Level::org:
            return "org." + reference.id;
        case Reference::Level::same:
            break;
    }
    return reference.id;
}

Result<Identity> resolve(const Reference& reference, const Scope& from, Space space) {
    switch (reference.level) {
        case Reference::Level::account:
            return Identity{space, {}, reference.id};
        case Reference::Level::same:
            return Identity{space, from, reference.id};
        case Reference::Level::org:
            break;
    }
    if (from.org.empty()) {
        return Error(ErrorId::secrets_invalid,
                     fmt::format("org.{}: the account's scope has no organisation", reference.id));
    }
    return Identity{space, {from.org, {}}, reference.id};
}

}  // namespace mullion::secrets
