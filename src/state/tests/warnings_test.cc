#include "state/warnings.h"

#include <gtest/gtest.h>

namespace mullion::state {
namespace {

const std::string a(40, 'A'), b(40, 'B'), c(40, 'C');

CertificateMapping mapping(const std::string& issuer, std::string subject, bool enabled = true) {
    return {issuer, std::move(subject), "*", enabled, "ann"};
}

using Lines = std::vector<std::string>;

TEST(UntrustedIssuers, NamesThemAndThoseThatAreThere) {
    EXPECT_EQ(untrusted_issuers({mapping(a, "ann@*")}, {b, c}),
              Lines{"CertMapping of ann@* lets nobody in: its issuer " + a +
                    " is not trusted; DIR/trust has " + b + ", " + c});
    EXPECT_EQ(untrusted_issuers({mapping(a, "ann@*")}, {}),
              Lines{"CertMapping of ann@* lets nobody in: its issuer " + a +
                    " is not trusted; DIR/trust has no certificate"});
}

TEST(UntrustedIssuers, EachOnceForAllItsMappings) {
    const auto told = untrusted_issuers(
        {mapping(b, "bob@*"), mapping(a, "ann@*"), mapping(b, "carl@*"), mapping(c, "dan@*")}, {c});
    ASSERT_EQ(told.size(), 2u);
    EXPECT_NE(told[0].find("ann@* lets nobody in: its issuer " + a), std::string::npos) << told[0];
    EXPECT_NE(told[1].find("bob@*, carl@* lets nobody in: its issuer " + b), std::string::npos) << told[1];
}

TEST(UntrustedIssuers, NothingOfWhatIsTrustedOrTurnedOff) {
    EXPECT_EQ(untrusted_issuers({}, {}), Lines{});
    EXPECT_EQ(untrusted_issuers({mapping(a, "ann@*"), mapping(b, "bob@*", false)}, {a}), Lines{});
}

TEST(UntrustedIssuers, TellsSoManyAndNoMore) {
    Lines trusted;
    for (int i = 0; i < 23; ++i) trusted.push_back(std::string(1, static_cast<char>('a' + i)));
    EXPECT_EQ(who_is_trusted(trusted),
              "DIR/trust has a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t and 3 more");
}

}  // namespace
}  // namespace mullion::state
