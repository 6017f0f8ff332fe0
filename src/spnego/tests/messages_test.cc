#include "spnego/messages.h"

#include <gtest/gtest.h>

#include "encoding/der.h"

namespace mullion::spnego {
namespace {

using encoding::der_element;

const std::string kSpnego("\x2b\x06\x01\x05\x05\x02");
const std::string kNtlm("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a");

std::string init(const std::string& fields, const std::string& oid = kSpnego) {
    return der_element(0x60, der_element(0x06, oid) + der_element(0xa0, der_element(0x30, fields)));
}
std::string response(const std::string& fields) {
    return der_element(0xa1, der_element(0x30, fields));
}

const std::string kMechanisms =
    der_element(0xa0, der_element(0x30, der_element(0x06, kNtlm) + der_element(0x06, kSpnego)));
const std::string kToken = der_element(0xa2, der_element(0x04, "a token"));
const std::string kState = der_element(0xa0, der_element(0x0a, std::string(1, '\1')));

TEST(SpnegoInit, ReadsMechanismsAndToken) {
    const std::string token = init(kMechanisms + kToken);
    const auto parsed = parse_spnego_init(token);
    ASSERT_TRUE(parsed);
    ASSERT_EQ(parsed->mechanisms.size(), 2u);
    EXPECT_EQ(parsed->mechanisms[0], kNtlm);
    EXPECT_EQ(parsed->mech_token, "a token");
    EXPECT_FALSE(parsed->mic);
    EXPECT_EQ(der_element(0xa0, std::string(parsed->mechanism_list)), kMechanisms);
}

TEST(SpnegoInit, RefusesEveryTruncationAndWhatFollows) {
    const std::string token = init(kMechanisms + kToken);
    for (std::size_t length = 0; length < token.size(); ++length) {
        EXPECT_FALSE(parse_spnego_init(std::string_view(token).substr(0, length))) << length;
    }
    EXPECT_FALSE(parse_spnego_init(token + "x"));
}

TEST(InitialOid, IsReadOfAnyMechanismAndRefusedInEveryTruncation) {
    EXPECT_EQ(parse_initial_oid(init(kMechanisms, kNtlm)), kNtlm);
    const std::string token = der_element(0x60, der_element(0x06, kNtlm) + std::string("\1\0x", 3));
    EXPECT_EQ(parse_initial_oid(token), kNtlm);
    for (std::size_t length = 0; length < token.size(); ++length) {
        EXPECT_FALSE(parse_initial_oid(std::string_view(token).substr(0, length))) << length;
    }
    EXPECT_FALSE(parse_initial_oid(token + "x"));
    EXPECT_FALSE(parse_initial_oid(der_element(0x60, "")));
}

TEST(SpnegoInit, RefusesOtherShapes) {
    EXPECT_FALSE(parse_spnego_init(init(kToken))) << "no mechanisms";
    EXPECT_FALSE(parse_spnego_init(init(kToken + kMechanisms))) << "out of order";
    EXPECT_FALSE(parse_spnego_init(init(kMechanisms + kToken + kToken))) << "twice";
    EXPECT_FALSE(parse_spnego_init(init(kMechanisms, kNtlm))) << "another mechanism's token";
    EXPECT_FALSE(parse_spnego_init(init(der_element(0xa0, der_element(0x30, ""))))) << "an empty list";
    EXPECT_FALSE(parse_spnego_init(init(kMechanisms + der_element(0xa4, "")))) << "an unknown field";
    std::string many;
    for (int i = 0; i < 17; ++i) many += der_element(0x06, kNtlm);
    EXPECT_FALSE(parse_spnego_init(init(der_element(0xa0, der_element(0x30, many)))));
}

TEST(SpnegoResponse, ReadsStateMechanismAndToken) {
    const std::string token = response(kState + der_element(0xa1, der_element(0x06, kNtlm)) + kToken +
                                       der_element(0xa3, der_element(4, "m")));
    const auto parsed = parse_spnego_response(token);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->state, SpnegoState::accept_incomplete);
    EXPECT_EQ(parsed->mechanism, kNtlm);
    EXPECT_EQ(parsed->response_token, "a token");
    EXPECT_EQ(parsed->mic, "m");
}

TEST(SpnegoResponse, RefusesEveryTruncationAndOtherShapes) {
    const std::string token = response(kState + kToken);
    for (std::size_t length = 0; length < token.size(); ++length) {
        EXPECT_FALSE(parse_spnego_response(std::string_view(token).substr(0, length))) << length;
    }
    EXPECT_FALSE(parse_spnego_response(token + "x"));
    EXPECT_FALSE(parse_spnego_response(response(kToken + kState)));
    EXPECT_FALSE(parse_spnego_response(response(der_element(0xa0, der_element(0x0a, std::string(1, '\4'))))));
    EXPECT_FALSE(parse_spnego_response(response(der_element(0xa0, der_element(0x0a, std::string(2, '\0'))))));
    EXPECT_FALSE(parse_spnego_response(response(der_element(0x90, ""))));
    EXPECT_TRUE(parse_spnego_response(response("")));
}

}  // namespace
}  // namespace mullion::spnego
