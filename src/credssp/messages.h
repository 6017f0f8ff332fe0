// CredSSP's messages ([MS-CSSP] 2.2), read and written in DER, within bounds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "auth/mechanism.h"
#include "core/result.h"

namespace mullion::credssp {

inline constexpr unsigned oldest_version = 2;
inline constexpr unsigned newest_version = 6;
inline constexpr std::size_t nonce_size = 32;

// Of one message: an NTLM or Kerberos token is at most 48 KiB, what goes beside it far less.
inline constexpr std::size_t max_message = 64 * 1024;

struct TsRequest {
    unsigned version = newest_version;  // As said; a newer one than ours is as good as ours (2.2.1).
    std::optional<std::string_view> nego_token;
    std::optional<std::string_view> auth_info;
    std::optional<std::string_view> pub_key_auth;
    std::optional<std::uint32_t> error_code;  // An NTSTATUS.
    std::optional<std::string_view> client_nonce;
};
// Nothing where it is no TSRequest, is too long, has more than one token, or bytes follow.
[[nodiscard]] std::optional<TsRequest> parse_ts_request(std::string_view message);
[[nodiscard]] std::string write_ts_request(const TsRequest& request);

// TSCredentials with TSPasswordCreds. The text holds the password: wipe it.
[[nodiscard]] Result<std::string> write_ts_credentials(const auth::Delegated& credentials);
// Errors: auth.protocol, also for smart cards and Remote Credential Guard, which are of no use here.
[[nodiscard]] Result<auth::Delegated> parse_ts_credentials(std::string_view message);

}  // namespace mullion::credssp
