#include "auth/policy.h"

#include <gtest/gtest.h>

namespace mullion::auth {
namespace {

using Transports = std::vector<Transport>;
using Schemes = std::vector<std::string>;

TEST(Choose, KeepsTheWantedOrder) {
    const Transports wanted{Transport::kerberos, Transport::negotiate, Transport::ntlm, Transport::basic};
    EXPECT_EQ(choose(wanted, Schemes{"Basic", "negotiate"}),
              (Transports{Transport::negotiate, Transport::ntlm, Transport::basic}));
    EXPECT_EQ(choose(wanted, Schemes{"Kerberos"}), (Transports{Transport::kerberos}));
    EXPECT_TRUE(choose(wanted, Schemes{"Digest"}).empty());
}

TEST(Choose, TriesEverythingWantedWhileNothingIsKnown) {
    const Transports wanted{Transport::ntlm, Transport::basic, Transport::ntlm};
    EXPECT_EQ(choose(wanted, Schemes{}), (Transports{Transport::ntlm, Transport::basic}));
}

TEST(Choose, NeedsNoOfferForACertificate) {
    EXPECT_EQ(choose(Transports{Transport::certificate}, Schemes{"Negotiate"}),
              (Transports{Transport::certificate}));
}

TEST(CheckClearText, LetsNothingTravelInClearUnasked) {
    struct Case {
        Carriage carriage;
        bool allow;
        bool fine;
    };
    const Case cases[] = {
        {{Transport::basic, false, false}, false, false}, {{Transport::basic, false, false}, true, true},
        {{Transport::basic, true, false}, false, true},   {{Transport::basic, false, true}, false, false},
        {{Transport::ntlm, false, true}, false, true},    {{Transport::ntlm, false, false}, false, false},
        {{Transport::ntlm, false, false}, true, true},    {{Transport::negotiate, true, false}, false, true},
    };
    for (const Case& c : cases) {
        const auto result = check_clear_text(c.carriage, c.allow);
        EXPECT_EQ(result.ok(), c.fine)
            << to_string(c.carriage.transport) << c.carriage.tls << c.carriage.sealed;
        if (!result.ok()) {
            EXPECT_EQ(result.error().id, ErrorId::auth_plaintext);
        }
    }
}

TEST(AboutTickets, APasswordThatTheKdcRefusedIsNot) {
    for (const auto error :
         {ErrorId::kerberos_silent, ErrorId::kerberos_no_kdc, ErrorId::kerberos_no_ticket,
          ErrorId::kerberos_unknown_service, ErrorId::kerberos_ip_address, ErrorId::kerberos_refused,
          ErrorId::kerberos_clock, ErrorId::kerberos_library, ErrorId::kerberos_failed})
        EXPECT_TRUE(is_about_tickets(error));
    for (const auto error : {ErrorId::kerberos_rejected, ErrorId::kerberos_wrong_realm,
                             ErrorId::kerberos_kinit, ErrorId::kerberos_not_forwarded, ErrorId::auth_rejected,
                             ErrorId::auth_protocol, ErrorId::net_timeout})
        EXPECT_FALSE(is_about_tickets(error));
}

}  // namespace
}  // namespace mullion::auth
