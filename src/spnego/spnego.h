// SPNEGO (RFC 4178, [MS-SPNG]) around other mechanisms, both ends. It does no I/O of its own; whether a step
// may block is the mechanism's to say.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "auth/mechanism.h"

namespace mullion::spnego {

inline constexpr std::string_view ntlm_oid{"\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a",
                                           10};  // 1.3.6.1.4.1.311.2.2.10

// Of one token, and of a handshake: more is refused.
inline constexpr std::size_t max_token = 48 * 1024;
inline constexpr int max_steps = 6;

struct Offer {
    std::string_view oid;  // Contents octets; must outlive this.
    std::unique_ptr<auth::Initiator> mechanism;
    std::string_view also = {};  // Another OID that hosts may call it by in their answers.
};
// `offers`, at least one, the preferred one first; its token goes along in the first message. The list of
// mechanisms is protected by a checksum whenever the mechanism can make one. `remark` ends what how() says.
[[nodiscard]] std::unique_ptr<auth::Initiator> make_initiator(std::vector<Offer> offers,
                                                              std::string remark = {});

struct Served {
    std::string_view oid;
    std::unique_ptr<auth::Acceptor> mechanism;
};
// Takes what comes under the Negotiate scheme: SPNEGO, and raw tokens of what is `served`. The client's first
// mechanism that is served is taken.
[[nodiscard]] std::unique_ptr<auth::Acceptor> make_acceptor(std::vector<Served> served);

}  // namespace mullion::spnego
