#include "http/challenge.h"

#include <gtest/gtest.h>

#include "encoding/base64.h"

namespace mullion::http {
namespace {

std::vector<Challenge> offers(std::initializer_list<std::string_view> fields) {
    Headers headers;
    for (const auto field : fields) headers.add("www-authenticate", field);
    return parse_challenges(headers);
}

// "Negotiate=TOKEN; Basic(realm=WSMAN)": all of a 401 in one line.
std::string shown(std::initializer_list<std::string_view> fields) {
    std::string text;
    for (const auto& offer : offers(fields)) {
        if (!text.empty()) text += "; ";
        text += offer.scheme;
        if (!offer.token.empty()) text += "=" + offer.token;
        for (const auto& [name, value] : offer.parameters) text += "(" + name + "=" + value + ")";
    }
    return text;
}

TEST(Challenges, OneFieldEach) {
    EXPECT_EQ(shown({"Negotiate", "Kerberos", "Basic realm=\"WSMAN\"", "CredSSP"}),
              "Negotiate; Kerberos; Basic(realm=WSMAN); CredSSP");
    EXPECT_EQ(shown({"Negotiate TlRMTVNTUAAC"}), std::string("Negotiate=NTLMSSP\0\2", 19));
    EXPECT_EQ(shown({}), "");
}

TEST(Challenges, SeveralInOneField) {
    EXPECT_EQ(shown({"Negotiate, Basic realm=\"WSMAN\""}), "Negotiate; Basic(realm=WSMAN)");
    EXPECT_EQ(shown({"Basic realm=\"a, b\" , charset=UTF-8,Negotiate QUI=,NTLM"}),
              "Basic(realm=a, b)(charset=UTF-8); Negotiate=AB; NTLM");
    EXPECT_EQ(shown({" ,, Negotiate QQ== ,,\tKerberos, "}), "Negotiate=A; Kerberos");
    // RFC 9110 11.6.1
    EXPECT_EQ(
        shown({"Basic realm=\"simple\", Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\""}),
        "Basic(realm=simple); Newauth(realm=apps)(type=1)(title=Login to \"apps\")");
    EXPECT_EQ(shown({"Digest realm = \"x\" , qop= \"auth,auth-int\""}), "Digest(realm=x)(qop=auth,auth-int)");
}

TEST(Challenges, SchemesHaveNoCase) {
    const auto all = offers({"nEGOTIATE"});
    ASSERT_EQ(all.size(), 1u);
    EXPECT_TRUE(all[0].is("Negotiate"));
    EXPECT_FALSE(all[0].is("Nego"));
}

TEST(Challenges, MalformedOnesAreLeftOutAndTheOthersStay) {
    EXPECT_EQ(shown({"Negotiate not*base64, Kerberos"}), "Kerberos");
    EXPECT_EQ(shown({"Negotiate QQ= , Kerberos"}), "Kerberos");
    EXPECT_EQ(shown({"Negotiate A B, Kerberos"}), "Kerberos");
    EXPECT_EQ(shown({"(x), Kerberos"}), "Kerberos");
    EXPECT_EQ(shown({"Basic realm=\"a\" b, Kerberos"}), "Kerberos");
    EXPECT_EQ(shown({"Bad \"a, Basic\", Kerberos"}), "Kerberos");
    EXPECT_EQ(shown({"Basic realm=\"never closed, Kerberos", "NTLM"}), "NTLM");
    EXPECT_EQ(shown({"=x, Kerberos"}), "Kerberos");
}

TEST(Challenges, AreLimited) {
    std::string many;
    for (int i = 0; i < 100; ++i) many += "S" + std::to_string(i) + ", ";
    EXPECT_EQ(offers({many}).size(), 32u);
    std::string parameters = "Basic p=1";
    for (int i = 1; i < 16; ++i) parameters += ", p=1";
    ASSERT_EQ(offers({parameters}).size(), 1u);
    EXPECT_EQ(offers({parameters})[0].parameters.size(), 16u);
    EXPECT_TRUE(offers({parameters + ", p=1"}).empty() ||
                offers({parameters + ", p=1"})[0].scheme != "Basic");
    EXPECT_EQ(offers({"Negotiate " + std::string(64 * 1024, 'A')}).size(), 1u);
    EXPECT_TRUE(offers({"Negotiate " + std::string(64 * 1024 + 4, 'A')}).empty());
}

// Cut anywhere, no offer appears that was not there. (A parameter cut before its '=' reads as a scheme, or as
// a token when it is the first: the grammar has it so.)
TEST(Challenges, EveryTruncation) {
    const std::string field =
        "Negotiate TlRMTVNTUAACAAAA, Basic realm=\"W\\\"S, x\", charset=utf-8, Kerberos";
    for (std::size_t length = 0; length < field.size(); ++length) {
        for (const auto& offer : offers({std::string_view(field).substr(0, length)})) {
            bool known = false;
            for (const std::string_view scheme : {"Negotiate", "Basic", "Kerberos", "charset"}) {
                known = known || scheme.starts_with(offer.scheme);
            }
            EXPECT_TRUE(known) << length << ' ' << offer.scheme;
            const std::string token =
                offer.is("Basic") ? *encoding::base64_decode("real") : std::string("NTLMSSP\0\2\0\0\0", 12);
            EXPECT_TRUE(token.starts_with(offer.token)) << length;
        }
    }
}

std::optional<Credentials> authorization(std::initializer_list<std::string_view> fields) {
    Headers headers;
    for (const auto field : fields) headers.add("AUTHORIZATION", field);
    return parse_authorization(headers);
}

TEST(Authorization, SchemeAndToken) {
    const auto basic = authorization({"Basic dXNlcjpwYXNz"});
    ASSERT_TRUE(basic.has_value());
    EXPECT_EQ(basic->scheme, "Basic");
    EXPECT_EQ(basic->token, "user:pass");
    EXPECT_EQ(authorization({" Negotiate  QQ== "})->token, "A");
    EXPECT_EQ(authorization({"Negotiate"})->token, "");
}

TEST(Authorization, RefusesTheRest) {
    for (const std::string_view field : {"", " ", "Basic QQ", "Basic QQ=", "Basic QQ== x", "Basic QQ==,",
                                         "Basic QQ==, Basic QQ==", "Basic  =", "Basic,QQ==", "Digest a=\"b\"",
                                         "Ba(sic QQ==", "Basic Q-==", "Basic QR=="}) {
        EXPECT_FALSE(authorization({field}).has_value()) << field;
    }
    EXPECT_FALSE(authorization({}).has_value());
    EXPECT_FALSE(authorization({"Basic QQ==", "Basic QQ=="}).has_value());
    EXPECT_TRUE(authorization({"Basic " + std::string(64 * 1024, 'A')}).has_value());
    EXPECT_FALSE(authorization({"Basic " + std::string(64 * 1024 + 4, 'A')}).has_value());
}

TEST(Authorization, EveryTruncationOfTheTokenIsRefusedOrShorter) {
    const std::string field = credentials_field("Negotiate", "0123456789");
    EXPECT_EQ(field, "Negotiate MDEyMzQ1Njc4OQ==");
    for (std::size_t length = 0; length < field.size(); ++length) {
        const auto credentials = authorization({std::string_view(field).substr(0, length)});
        const bool whole_quads = length > 10 && (length - 10) % 4 == 0;
        EXPECT_EQ(credentials.has_value(), (length > 0 && length <= 10) || whole_quads) << length;
        if (credentials) {
            EXPECT_TRUE(std::string("0123456789").starts_with(credentials->token));
        }
    }
    EXPECT_EQ(credentials_field("Negotiate", ""), "Negotiate");
}

}  // namespace
}  // namespace mullion::http
