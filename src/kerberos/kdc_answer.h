// What a KDC's answer tells in clear, before anybody has proven anything: its clock, and the realm that it
// answers for.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mullion::kerberos {

struct KdcAnswer {
    bool refusal = false;                          // KRB-ERROR; else a ticket.
    std::int32_t error = 0;                        // RFC 4120 7.5.9; of a refusal.
    std::optional<std::chrono::sys_seconds> time;  // The KDC's; of a refusal. Of any year until 9999.
    std::string client_realm;                      // Where the client is; empty: not said.
};

// KRB-ERROR (RFC 4120 5.9.1) or AS-REP (5.4.2). Nothing: it is neither.
[[nodiscard]] std::optional<KdcAnswer> read_kdc_answer(std::string_view message);

}  // namespace mullion::kerberos
