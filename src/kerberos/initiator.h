// The client's side of a log-on with a ticket that is at hand.
#pragma once

#include <memory>

#include "auth/mechanism.h"
#include "kerberos/tickets.h"

namespace mullion::kerberos {

inline constexpr std::string_view oid{"\x2a\x86\x48\x86\xf7\x12\x01\x02\x02", 9};  // 1.2.840.113554.1.2.2
// What Windows offers first in SPNEGO, [MS-SPNG] 1.9: the same with a digit wrong.
inline constexpr std::string_view windows_oid{"\x2a\x86\x48\x82\xf7\x12\x01\x02\x02", 9};

// The scheme that tokens travel under by themselves; SPNEGO brings its own.
struct InitiatorOptions {
    auth::ChannelBinding binding;
    bool delegate = false;  // Hands a forwarded ticket over. Then steps may block: the library asks the KDC.
};

// Mutual authentication is asked for, and its absence an error of step(). Messages are sealed with
// header, data and padding ([MS-WSMV] 2.2.9.1). Errors of step(): kerberos.refused (KRB_AP_ERR_MODIFIED and
// the like: the host's key is another one), kerberos.clock, auth.protocol
[[nodiscard]] Result<std::unique_ptr<auth::Initiator>> make_initiator(ServiceTicket ticket,
                                                                      const InitiatorOptions& options);

}  // namespace mullion::kerberos
