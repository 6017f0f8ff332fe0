// Why a host could not be used, in the words of a test: causes that call for different people are told apart.
#pragma once

#include <string>
#include <string_view>

#include "core/error.h"

namespace mullion::cli {

struct LogOnCause {
    // unreachable, tls, kdc, ticket, keytab, credential-refused, scheme, no-right, quota, credential (it
    // cannot be opened), delegate, other
    std::string_view word;
    std::string text;  // Harness's words for it (SshHelperUtils, WinRmHelperUtils), where it has some.
};

// By the error's row alone: what to do is the error's own advice.
[[nodiscard]] LogOnCause log_on_cause(const Error& error);

}  // namespace mullion::cli
