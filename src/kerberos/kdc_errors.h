// What a KDC's refusal, or the library's, means here. Private to this room.
#pragma once

#include <string>
#include <string_view>

#include "kerberos/context.h"

namespace mullion::kerberos {

enum class Exchange { as, tgs };

// `asking`: "a ticket for alice@EXAMPLE.TEST by password". `answer` is what the KDC
// sent last: a KRB-ERROR in it tells its clock.
[[nodiscard]] Error refusal(const Context& context, Exchange exchange, const std::string& asking,
                            krb5_error_code code, std::string_view answer);

// What was shown is not the key of that account.
[[nodiscard]] bool is_wrong_key(krb5_error_code code);

}  // namespace mullion::kerberos
