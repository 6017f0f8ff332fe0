// SPNEGO's tokens (RFC 4178 4.2, [MS-SPNG] 2.2.1), read and written. Reading is bounded, on DER; views are
// into the input.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mullion::spnego {

struct SpnegoInit {
    std::vector<std::string_view> mechanisms;  // Contents of the OIDs, at most 16.
    std::string_view mechanism_list;           // Their list as it was sent: what a checksum covers.
    std::string_view mech_token;               // Empty when there is none.
    std::optional<std::string_view> mic;       // mechListMIC
};
// An initial token: [APPLICATION 0] { SPNEGO's OID, [0] NegTokenInit }, or NegTokenInit2, whose hints say
// nothing. Nothing also when bytes follow.
[[nodiscard]] std::optional<SpnegoInit> parse_spnego_init(std::string_view token);

// The OID at the head of an initial token (RFC 2743 3.1), of SPNEGO or any other mechanism; what follows it
// is the mechanism's.
[[nodiscard]] std::optional<std::string_view> parse_initial_oid(std::string_view token);

enum class SpnegoState { accept_completed = 0, accept_incomplete = 1, reject = 2, request_mic = 3 };
struct SpnegoResponse {
    std::optional<SpnegoState> state;
    std::string_view mechanism;  // Empty when there is none.
    std::string_view response_token;
    std::optional<std::string_view> mic;  // mechListMIC
};
// [1] NegTokenResp.
[[nodiscard]] std::optional<SpnegoResponse> parse_spnego_response(std::string_view token);

// MechTypeList.
[[nodiscard]] std::string write_mechanism_list(std::span<const std::string_view> oids);
// `list` as the above made it.
[[nodiscard]] std::string write_spnego_init(std::string_view list, std::string_view mech_token);
[[nodiscard]] std::string write_spnego_response(const SpnegoResponse& response);

// The contents of an OID for people: "1.3.6.1.5.5.2"; in hex when it is none.
[[nodiscard]] std::string oid_text(std::string_view oid);

}  // namespace mullion::spnego
