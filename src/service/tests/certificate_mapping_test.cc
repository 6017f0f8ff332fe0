#include "service/access/certificate_mapping.h"

#include <gtest/gtest.h>

#include "state/certificate_admin.h"
#include "state/config_file.h"

namespace mullion::service {
namespace {

const std::string issuer(40, 'A');
const std::string other(40, 'B');
constexpr const char* shell = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd";

crypto::ProvenCertificate certificate(std::vector<std::string> upns = {"ann@localhost"}) {
    return {std::string(40, 'C'), issuer, "CN=ann", std::move(upns)};
}
state::CertificateMapping mapping(std::string subject, std::string uri = "*", std::string user = "ann") {
    return {issuer, std::move(subject), std::move(uri), true, std::move(user)};
}

TEST(Subject, HasOneStarAtAnEnd) {
    for (const auto* pattern :
         {"ann@localhost", "ANN@LocalHost", "*", "*@localhost", "ann@*", "ann@localhost*"})
        EXPECT_TRUE(matches_subject(pattern, "ann@localhost")) << pattern;
    for (const auto* pattern : {"", "ann", "nn@localhost", "ann@localhos", "*@other", "bob@*", "*ann",
                                "ann@localhost.test", "xann@localhost"})
        EXPECT_FALSE(matches_subject(pattern, "ann@localhost")) << pattern;
    EXPECT_FALSE(matches_subject("*", ""));
}

TEST(Uri, EndsWithAStarOrIsTheWhole) {
    for (const auto* pattern : {"*", shell, "http://schemas.microsoft.com/*"})
        EXPECT_TRUE(matches_uri(pattern, shell)) << pattern;
    for (const auto* pattern : {"", "http://schemas.microsoft.com/", "http://other/*"})
        EXPECT_FALSE(matches_uri(pattern, shell)) << pattern;
    EXPECT_TRUE(matches_uri("*", ""));
    EXPECT_TRUE(matches_uri("HTTP://Schemas.Microsoft.com/*", shell))
        << "resources are compared without case";
    EXPECT_TRUE(matches_uri("http://x/Shell", "http://X/sHELL"));
    EXPECT_FALSE(matches_uri("http://x/Shell*", "http://x/she")) << "shorter than the pattern";
}

// What the rules choose: the user of the one that is left, or nobody.
std::string chosen(const std::vector<state::CertificateMapping>& mappings,
                   const crypto::ProvenCertificate& proven = certificate(), std::string_view uri = shell) {
    const auto* one = choose_mapping(mappings, proven, uri);
    return one == nullptr ? "nobody" : one->user;
}

TEST(Mapping, TheLongestSubjectThenTheLongestUri) {
    const auto wide = mapping("*", shell, "wide");
    const auto domain = mapping("*@localhost", "*", "domain");
    const auto exact = mapping("ann@localhost", "*", "exact");
    const auto narrow = mapping("ann@localhost", "http://schemas.microsoft.com/*", "narrow");
    EXPECT_EQ(chosen({}), "nobody");
    EXPECT_EQ(chosen({wide}), "wide");
    EXPECT_EQ(chosen({wide, domain}), "domain");
    EXPECT_EQ(chosen({exact, domain, wide}), "exact");
    EXPECT_EQ(chosen({exact, narrow, wide}), "narrow");
    EXPECT_EQ(chosen({narrow, exact}), "narrow");
    EXPECT_EQ(chosen({exact, narrow}, certificate(), "http://other/thing"), "exact");
    EXPECT_EQ(chosen({wide}, certificate(), "http://other/thing"), "nobody");
}

TEST(Mapping, SeveralThatAreAlikeAreNone) {
    const auto first = mapping("ann@*", "*", "first");
    const auto second = mapping("ann@l", "*", "never");
    const auto last = mapping("*host", "*", "last");
    EXPECT_EQ(first.subject.size(), last.subject.size());
    EXPECT_EQ(chosen({first, last}), "nobody");
    EXPECT_EQ(chosen({first, last, second}), "nobody");
    EXPECT_EQ(chosen({first, last, mapping("ann@localhost", "*", "best")}), "best");
    EXPECT_EQ(chosen({mapping("ann@localhost", "*", "best"), first, last}), "best");
}

TEST(Mapping, CountsOnlyWhereItIsEnabledAndOfThatIssuer) {
    auto off = mapping("ann@localhost");
    off.enabled = false;
    EXPECT_EQ(chosen({off}), "nobody");
    auto foreign = mapping("ann@localhost");
    foreign.issuer = other;
    EXPECT_EQ(chosen({foreign}), "nobody");
    EXPECT_EQ(chosen({off, foreign, mapping("*", "*", "wide")}), "wide");
}

TEST(Mapping, NeedsAUserPrincipalName) {
    EXPECT_EQ(chosen({mapping("*")}, certificate({})), "nobody");
    EXPECT_EQ(chosen({mapping("bob@localhost", "*", "bob")}, certificate({"ann@localhost", "bob@localhost"})),
              "bob");
}

const std::string entry = "  - Issuer: " + issuer + "\n    Subject: ann@localhost\n    UserName: ann\n";

TEST(MappingInTheFile, IsRead) {
    const auto config = state::read_config(
        "CertMapping:\n" + entry + "  - Issuer: " + other +
        "\n    Subject: '*@x'\n    URI: http://a/*\n    Enabled: false\n    UserName: bob\n");
    ASSERT_TRUE(config.ok()) << config.error().message();
    ASSERT_EQ(config->mappings.size(), 2u);
    EXPECT_EQ(config->mappings[0], mapping("ann@localhost"));
    EXPECT_EQ(config->mappings[1], (state::CertificateMapping{other, "*@x", "http://a/*", false, "bob"}));
}

TEST(MappingInTheFile, IsRefusedWithItsLine) {
    const auto refused = [](const std::string& text, const std::string& said) {
        const auto config = state::read_config("CertMapping:\n" + text);
        ASSERT_FALSE(config.ok()) << text;
        EXPECT_EQ(config.error().info().id, "config.invalid");
        EXPECT_NE(config.error().detail.find(said), std::string::npos) << config.error().detail;
    };
    const std::string head = "  - Issuer: " + issuer + "\n    Subject: ann@localhost\n";
    refused(head, "needs Issuer, Subject and UserName");
    refused(entry + entry, "line 5: there is already");
    refused("  - Issuer: 12\n", "line 2: Issuer: \"12\" is not a thumbprint of 40 hex digits");
    refused(head + "    UserName: CORP\\ann\n", "line 4: UserName: a local account");
    refused(head + "    URI: 'a*b'\n", "line 4: URI: \"a");
    refused(head + "    URI: 'a?b'\n", "line 4: URI: \"a");
    refused("  - Subject: 'a*b'\n", "is not a name with at most one *");
    refused("  - Subject: '*a*'\n", "is not a name with at most one *");
    refused("  - Subjet: x\n", "did you mean Subject?");
    refused("  - Enabled: maybe\n", "Enabled is true or false");
    refused("  one: two\n", "is a list");
}

TEST(MappingInTheFile, IsPutInAndTheRestStays) {
    const auto one = mapping("ann@localhost");
    for (const std::string& before :
         {std::string(), std::string("# mine\nService:\n  Auth:\n    Certificate: true  # on\n"),
          std::string("MaxTimeoutms: 60000"), std::string("CertMapping:\n"),
          "CertMapping:\n# first\n- Issuer: " + other + "\n  Subject: b\n  UserName: b\nMaxBatchItems: 5\n",
          "certmapping:\n\n      - Issuer: " + other + "\n        Subject: b\n        UserName: b\n"}) {
        auto layer = *state::read_layer(before);
        layer.mappings.push_back(one);
        const auto after = state::edit_layer(before, layer);
        ASSERT_TRUE(after.ok()) << before << after.error().message();
        const auto config = state::read_config(*after);
        ASSERT_TRUE(config.ok());
        EXPECT_EQ(config->mappings.back(), one);
        std::size_t at = 0;
        for (const char c : before) {  // Every byte of it is still there, in its order.
            at = after->find(c, at);
            ASSERT_NE(at, std::string::npos) << before;
            ++at;
        }
    }
}

}  // namespace
}  // namespace mullion::service
