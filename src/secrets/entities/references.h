// What a reference may name, and where that is looked for.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "secrets/entities/entity.h"

namespace mullion::secrets {

// Harness's words for the kinds: "SecretText", "SecretFile", "WinRmCredentials", "AwsKms", "Pdc".
[[nodiscard]] std::string_view kind_of(const Spec& spec);
[[nodiscard]] Space space_of(const Spec& spec);
[[nodiscard]] Space space_of(Use::Wants wants);

// The built-in manager, at whatever level it is named: it is in every scope, and in no store.
[[nodiscard]] bool is_builtin(const Reference& manager);

// The manager that is meant in its scope, and below it, where a secret names none.
[[nodiscard]] bool is_default_manager(const Entity& entity);

// A value is a text or a file secret, a manager an AWS KMS connector.
[[nodiscard]] bool may_be(Use::Wants wants, const Spec& spec);
// Errors: secrets.kind, which names the field, what it refers to and what that is
[[nodiscard]] Result<void> check_kind(const Identity& from, const Use& use, const Spec& found);

// How whoever lives in `from` names what is there, in its organisation or in the account: "id", "org.id",
// "account.id".
[[nodiscard]] std::string reference_from(const Scope& from, const Identity& what);

// "secret win_pw of account", "connector kms of project:O/P", for messages.
[[nodiscard]] std::string in_words(const Identity& identity);

}  // namespace mullion::secrets
