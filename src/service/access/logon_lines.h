// What the log says of a log-on, and how often: it is an operator's to read, and no weapon against his disk.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "channel/doorkeeper.h"
#include "core/clock.h"
#include "core/error.h"
#include "service/line_limit.h"

namespace mullion::service {

// "logon from 10.0.0.5: "alice" by Negotiate (kerberos)"; "logon refused from 10.0.0.5: "CORP\alice" by
// Negotiate (ntlm): ntlm: wrong password for alice; answered after 0.5 s". `why` is null for who was let in.
// In one line, whatever the client called himself. Never a secret; but who types his password where the name
// belongs finds it here, as in the log of every service that names names.
[[nodiscard]] std::string logon_line(const channel::LogonAttempt& attempt, const Error* why,
                                     Duration delayed);

// How many refusals are written: so many of an address, and of all together, in ten seconds. The others are
// counted. Not thread-safe.
class RefusalLines {
public:
    static constexpr Duration span = LineLimit::span;
    static constexpr unsigned most_of_address = 30;
    static constexpr unsigned most = 100;

    // Whether one more may be written. False: it is counted.
    [[nodiscard]] bool may_write(std::string_view address, MonotonicTime now) {
        return limit_.may_write(address, now);
    }
    // Once a span is over in which some were not written: "and 1200 more log-ons were refused". Begins a new
    // one.
    [[nodiscard]] std::optional<std::string> missed(MonotonicTime now);

private:
    LineLimit limit_{most_of_address, most};
};

}  // namespace mullion::service
