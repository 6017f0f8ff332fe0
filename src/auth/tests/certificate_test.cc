#include "auth/certificate.h"

#include <gtest/gtest.h>

#include "auth/policy.h"
#include "http/challenge.h"

namespace mullion::auth {
namespace {

constexpr const char* mutual = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual";

http::Headers with(std::initializer_list<const char*> fields) {
    http::Headers headers;
    for (const auto* field : fields) headers.add("Authorization", field);
    return headers;
}

TEST(Certificate, TheFieldIsTheSchemeAlone) {
    const auto initiator = make_certificate_initiator();
    ASSERT_TRUE(initiator->every_request());
    const auto step = initiator->step("");
    ASSERT_TRUE(step.ok() && step->complete);
    EXPECT_EQ(http::credentials_field(initiator->http_scheme(), step->token), mutual);
    EXPECT_EQ(initiator->sealing(), nullptr);
}

TEST(Certificate, IsMeantByExactlyOneSuchField) {
    EXPECT_TRUE(means_certificate(with({mutual})));
    EXPECT_TRUE(
        means_certificate(with({" HTTP://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/MUTUAL\t"})));
    EXPECT_FALSE(means_certificate(with({})));
    EXPECT_FALSE(means_certificate(with({mutual, mutual})));
    EXPECT_FALSE(means_certificate(with({mutual, "Basic eDp5"})));
    EXPECT_FALSE(
        means_certificate(with({"http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/http/mutual"})));
    for (std::string cut = mutual; !cut.empty();) {
        cut.pop_back();
        EXPECT_FALSE(means_certificate(with({cut.c_str()}))) << cut;
    }
    EXPECT_FALSE(means_certificate(with({(std::string(mutual) + "x").c_str()})));
    EXPECT_FALSE(means_certificate(with({(std::string(mutual) + " eDp5").c_str()})));
}

TEST(DomainAccount, IsOneOfAnotherPlaceThanTheHost) {
    for (const auto* user :
         {"ann", "", ".\\ann", "web01\\ann", "WEB01\\ann", "web01.corp.example\\ann", "ann@web01",
          "ann@WEB01.corp.example", "localhost\\ann", "ann@localhost", "\\ann", "ann@"})
        EXPECT_FALSE(is_domain_account(user, "web01.corp.example")) << user;
    for (const auto* user : {"CORP\\ann", "corp.example\\ann", "ann@CORP.EXAMPLE", "ann@corp", "web\\ann",
                             "ann@web01@corp.example", "web01x\\ann"})
        EXPECT_TRUE(is_domain_account(user, "web01.corp.example")) << user;
    EXPECT_FALSE(is_domain_account("ann@10.0.0.1", "10.0.0.1"));
    EXPECT_TRUE(is_domain_account("ann@corp", "10.0.0.1"));
}

}  // namespace
}  // namespace mullion::auth
