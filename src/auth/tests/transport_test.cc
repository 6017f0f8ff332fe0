#include <gtest/gtest.h>

#include "auth/mechanism.h"

namespace mullion::auth {
namespace {

TEST(Transport, NamesReadBackAsThemselves) {
    for (const Transport transport : {Transport::basic, Transport::certificate, Transport::ntlm,
                                      Transport::kerberos, Transport::negotiate, Transport::credssp}) {
        EXPECT_EQ(parse_transport(to_string(transport)), transport);
    }
    EXPECT_EQ(to_string(Transport::ntlm), "ntlm");
}

TEST(Transport, TakesAnsiblesOlderNames) {
    EXPECT_EQ(parse_transport("plaintext"), Transport::basic);
    EXPECT_EQ(parse_transport("ssl"), Transport::basic);
}

TEST(Transport, RefusesWhatItDoesNotKnow) {
    for (const char* name : {"", "NTLM", "ntlmv1", "basic ", "digest"})
        EXPECT_FALSE(parse_transport(name)) << name;
}

}  // namespace
}  // namespace mullion::auth
