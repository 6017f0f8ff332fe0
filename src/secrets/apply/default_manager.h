// Which manager is meant where a secret names none.
#pragma once

#include <functional>
#include <optional>

#include "core/result.h"
#include "secrets/entities/entity.h"
#include "secrets/entities/scope.h"

namespace mullion::secrets {

// The default manager of exactly that scope; nothing: it has none.
using FindDefault = std::function<Result<std::optional<Identity>>(const Scope&)>;

// That of the nearest scope (the project's, the organisation's, the account's), as `scope` refers to it; the
// built-in one where none has any. Errors: those of `of_scope`
[[nodiscard]] Result<Reference> default_manager(const Scope& scope, const FindDefault& of_scope);

// The same for a text or a file secret, whose manager it becomes; nothing happens to anything else. Errors:
// those of `of_scope`
[[nodiscard]] Result<void> take_default_manager(Entity& entity, const FindDefault& of_scope);

}  // namespace mullion::secrets
