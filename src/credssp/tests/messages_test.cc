// CredSSP's messages, byte by byte.
#include "credssp/messages.h"

#include <gtest/gtest.h>

#include "encoding/hex.h"

namespace mullion::credssp {
namespace {

std::string bytes(std::string_view hex) {
    return encoding::from_hex(hex).value();
}

// Every field.
TsRequest full() {
    TsRequest request;
    request.version = 6;
    request.nego_token = "tok";
    request.auth_info = "ai";
    request.pub_key_auth = "pk";
    request.error_code = 0xC000006D;
    request.client_nonce = "no";
    return request;
}

const std::string full_bytes = bytes(
    "302c"
    "a003020106"  // [0] INTEGER 6
    "a10b3009"
    "3007a0050403"
    "746f6b"            // [1] SEQUENCE OF SEQUENCE { [0] OCTET STRING "tok" }
    "a20404026169"      // [2] OCTET STRING "ai"
    "a3040402706b"      // [3] OCTET STRING "pk"
    "a4060204c000006d"  // [4] INTEGER
    "a50404026e6f");    // [5] OCTET STRING "no"

void expect_same(const TsRequest& a, const TsRequest& b) {
    EXPECT_EQ(a.version, b.version);
    EXPECT_EQ(a.nego_token, b.nego_token);
    EXPECT_EQ(a.auth_info, b.auth_info);
    EXPECT_EQ(a.pub_key_auth, b.pub_key_auth);
    EXPECT_EQ(a.error_code, b.error_code);
    EXPECT_EQ(a.client_nonce, b.client_nonce);
}

TEST(TsRequest, IsWrittenAsSpecified) {
    EXPECT_EQ(encoding::to_hex(write_ts_request(full())), encoding::to_hex(full_bytes));
    EXPECT_EQ(encoding::to_hex(write_ts_request({2, {}, {}, {}, {}, {}})), "3005a003020102");
}

TEST(TsRequest, IsReadAsWritten) {
    const auto read = parse_ts_request(full_bytes);
    ASSERT_TRUE(read);
    expect_same(*read, full());
}

TEST(TsRequest, TakesAnErrorCodeOfEitherSign) {
    // What Windows writes, and what writes it as a positive number.
    for (const auto* text : {"300da003020106a4060204c000006d", "300ea003020106a407020500c000006d"}) {
        const auto read = parse_ts_request(bytes(text));
        ASSERT_TRUE(read) << text;
        EXPECT_EQ(read->error_code, 0xC000006Du);
    }
}

TEST(TsRequest, RefusesEveryTruncation) {
    for (std::size_t length = 0; length < full_bytes.size(); ++length)
        EXPECT_FALSE(parse_ts_request(std::string_view(full_bytes).substr(0, length))) << length;
    EXPECT_FALSE(parse_ts_request(full_bytes + '\0'));
}

TEST(TsRequest, RefusesOtherShapes) {
    for (const auto* text : {
             "3000",                        // Without a version.
             "3006a20404026169",            // Alike.
             "300aa003020106a003020106",    // Twice.
             "300ba003020106a50402026e6f",  // An INTEGER for octets.
             "300ba3040402706ba003020106",  // Out of order.
             "3005a003020180",              // A negative version.
             "3009a0070205010000000f",      // A number of five bytes.
             "300ba003020106a60404026e6f",  // A field that is none.
         }) {
        EXPECT_FALSE(parse_ts_request(bytes(text))) << text;
    }
    // Two tokens.
    EXPECT_FALSE(
        parse_ts_request(bytes("3017a003020106a110300e3005a003040178"
                               "3005a003040179")));
    EXPECT_FALSE(parse_ts_request(std::string(max_message + 1, '0')));
}

auth::Delegated alice() {
    return {"LAB", "alice", Secret("pä€")};
}

// credType 1, TSPasswordCreds in UTF-16LE.
const std::string alice_bytes = bytes(
    "302d"
    "a003020101"
    "a126"
    "0424"
    "3022"
    "a008"
    "0406"
    "4c0041004200"
    "a10c"
    "040a"
    "61006c00690063006500"
    "a208"
    "0406"
    "7000e400ac20");

TEST(TsCredentials, AreWrittenAsSpecified) {
    EXPECT_EQ(encoding::to_hex(write_ts_credentials(alice()).value()), encoding::to_hex(alice_bytes));
}

TEST(TsCredentials, AreReadAsWritten) {
    const auto read = parse_ts_credentials(alice_bytes);
    ASSERT_TRUE(read.ok()) << read.error().message();
    EXPECT_EQ(read->domain, "LAB");
    EXPECT_EQ(read->user, "alice");
    EXPECT_EQ(read->password.expose(), "pä€");
}

TEST(TsCredentials, MayBeEmpty) {
    const auto read = parse_ts_credentials(write_ts_credentials({"", "", Secret()}).value());
    ASSERT_TRUE(read.ok());
    EXPECT_TRUE(read->user.empty() && read->password.empty());
}

TEST(TsCredentials, RefuseEveryTruncation) {
    for (std::size_t length = 0; length < alice_bytes.size(); ++length)
        EXPECT_FALSE(parse_ts_credentials(std::string_view(alice_bytes).substr(0, length)).ok()) << length;
    EXPECT_FALSE(parse_ts_credentials(alice_bytes + '\0').ok());
}

TEST(TsCredentials, OfOtherKindsAreNamed) {
    for (const auto& [type, word] :
         {std::pair{'\2', "smart card"}, std::pair{'\6', "Remote Credential Guard"},
          std::pair{'\3', "TSPasswordCreds"}}) {
        auto other = alice_bytes;
        other[6] = type;
        const auto read = parse_ts_credentials(other);
        ASSERT_FALSE(read.ok());
        EXPECT_NE(read.error().detail.find(word), std::string::npos) << read.error().detail;
    }
}

TEST(TsCredentials, WantTextThatIsText) {
    auto lone = alice_bytes;
    lone.replace(lone.size() - 2, 2, std::string("\x00\xd8", 2));  // Half of a surrogate pair.
    EXPECT_FALSE(parse_ts_credentials(lone).ok());
    EXPECT_FALSE(write_ts_credentials({"", "a", Secret("\xff")}).ok());
}

}  // namespace
}  // namespace mullion::credssp
