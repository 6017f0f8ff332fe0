// Where an entity lives, and how others name it.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace mullion::secrets {

// Account, organisation or project. A project without an organisation does not exist.
struct Scope {
    std::string org;      // Empty: the account's own.
    std::string project;  // Empty: the organisation's own.
    bool operator==(const Scope&) const = default;
    auto operator<=>(const Scope&) const = default;
};

// "account", "org:O", "project:O/P", as --scope has it. Errors: secrets.invalid
[[nodiscard]] Result<Scope> parse_scope(std::string_view text);
[[nodiscard]] std::string scope_text(const Scope& scope);

// Secrets of all kinds share one space of identifiers, connectors have another.
enum class Space { secret, connector };

// What an entity is known by; unique, and it never changes.
struct Identity {
    Space space = Space::secret;
    Scope scope;
    std::string id;
    bool operator==(const Identity&) const = default;
    auto operator<=>(const Identity&) const = default;
};

// A reference as it is written: "id", "org.id", "account.id". Split at the first dot, as Harness does.
struct Reference {
    enum class Level { same, org, account };
    Level level = Level::same;
    std::string id;
    bool operator==(const Reference&) const = default;
};

// Errors: secrets.invalid ("Invalid Secret Reference": `project.` and everything else before the dot)
[[nodiscard]] Result<Reference> parse_reference(std::string_view text);
[[nodiscard]] std::string reference_text(const Reference& reference);

// What a reference means for whoever lives in `from`. Errors: secrets.invalid (org. from the account's scope)
[[nodiscard]] Result<Identity> resolve(const Reference& reference, const Scope& from, Space space);

}  // namespace mullion::secrets
