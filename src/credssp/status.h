// The NTSTATUS by which a host says why it refuses.
#pragma once

#include <cstdint>

#include "core/error.h"

namespace mullion::credssp {

inline constexpr std::uint32_t status_logon_failure = 0xC000006D;
inline constexpr std::uint32_t sec_invalid_token = 0x80090308;

// auth.rejected with name, meaning and advice where the account is the reason; else credssp.error.
[[nodiscard]] Error explain_status(std::uint32_t status);

}  // namespace mullion::credssp
