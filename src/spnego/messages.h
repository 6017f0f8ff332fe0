// SPNEGO's tokens as far as we must look for the NTLM message inside (RFC 4178 4.2). Bounded, on DER. Views
// are into the input.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace mullion::spnego {

struct SpnegoInit {
    std::vector<std::string_view> mechanisms;  // Contents of the OIDs, at most 16.
    std::string_view mech_token;               // Empty when there is none.
    bool mic = false;                          // mechListMIC is there.
};
// An initial token: [APPLICATION 0] { SPNEGO's OID, [0] NegTokenInit }. Nothing also when bytes follow.
[[nodiscard]] std::optional<SpnegoInit> parse_spnego_init(std::string_view token);

enum class SpnegoState { accept_completed = 0, accept_incomplete = 1, reject = 2, request_mic = 3 };
struct SpnegoResponse {
    std::optional<SpnegoState> state;
    std::string_view mechanism;  // Empty when there is none.
    std::string_view response_token;
    bool mic = false;
};
// [1] NegTokenResp.
[[nodiscard]] std::optional<SpnegoResponse> parse_spnego_response(std::string_view token);

}  // namespace mullion::spnego
