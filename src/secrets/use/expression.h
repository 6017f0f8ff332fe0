// What a configuration says in the place of a secret, in Harness's words:
// <+secrets.getValue("account.win_pw")>
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "core/result.h"
#include "secrets/entities/scope.h"

namespace mullion::secrets {

inline constexpr std::size_t longest_expression = 1024;

// The whole text is one expression, with blanks around it and within the brackets, and " or ' around the
// reference. Nothing: an ordinary text. Errors: secrets.invalid (there is an expression in it that is none of
// these: in the midst of other text, of something else than a secret, without its end, project.). The message
// repeats no more of the text than the reference: what stands around may be a password.
[[nodiscard]] Result<std::optional<Reference>> parse_expression(std::string_view text);

// Whether it has to be given to parse_expression() at all: costs one look through it.
[[nodiscard]] bool has_expression(std::string_view text);

// What stands where only a name belongs (mullion_credential, --credential, --secret-env): a reference, or an
// expression. `from` is the scope of those that name none. Errors: secrets.invalid
[[nodiscard]] Result<Identity> named_secret(std::string_view text, const Scope& from);

}  // namespace mullion::secrets
