// CredSSP's structures against what others publish.
//
// [MS-CSSP] 4 has one structure in bytes: TSCredentials of a smart card, which this code reads only to
// refuse. It publishes none for TSRequest, TSPasswordCreds and the proof of the key: for those stand the
// values that sspi-rs (a log-on by NTLM of version 6), requests-credssp and pyspnego hold themselves to.
#include <gtest/gtest.h>

#include "credssp/messages.h"
#include "credssp/proof.h"
#include "encoding/hex.h"

namespace mullion::credssp {
namespace {

std::string bytes(std::string_view hex) {
    return encoding::from_hex(hex).value();
}

// [MS-CSSP] 4, step 9.
const std::string smart_card = bytes(
    "3082010fa003020102a1820106048201023081ffa01a041862006200620062006200620062006200620062006200"
    "6200a181e03081dda003020101a22e042c4f004d004e0049004b0045005900200043006100720064004d0061006e"
    "002000330078003200310020003000a350044e6c0065002d004d00530053006d0061007200740063006100720064"
    "0055007300650072002d00380062006400610030003100390066002d0031003200360036002d002d003500330032"
    "0036003800a45404524d006900630072006f0073006f006600740020004200610073006500200053006d00610072"
    "007400200043006100720064002000430072007900700074006f002000500072006f0076006900640065007200");

TEST(Published, TheSpecificationsSmartCard) {
    const auto read = parse_ts_credentials(smart_card);
    ASSERT_FALSE(read.ok());
    EXPECT_NE(read.error().detail.find("a smart card's"), std::string::npos) << read.error().detail;
    for (std::size_t length = 0; length < smart_card.size(); ++length) {
        const auto cut = parse_ts_credentials(std::string_view(smart_card).substr(0, length));
        ASSERT_FALSE(cut.ok());
        EXPECT_EQ(cut.error().detail.find("smart card"), std::string::npos) << length;
    }
}

// sspi-rs: what client and host send in turn, and an error.
const std::string nonce = bytes("221012ad125c7a15feb64b1fcb94833ac56f664cf3bce7548a5d9e050a4691db");
const std::string negotiate =
    bytes("4e544c4d5353500001000000b78208e2000000000000000000000000000000000601b11d0000000f");
const std::string challenge = bytes(
    "4e544c4d53535000020000000800080038000000b78288e2c86f7d24d5b065650000000000000000400040004000"
    "00000601b11d0000000f560047005000430002000800560047005000430001000800560047005000430004000800"
    "560047005000430003000800560047005000430007000800802600e14acfd40100000000");
const std::string authenticate = bytes(
    "4e544c4d5353500003000000180018005a000000b600b60072000000000000005800000002000200580000000000"
    "00005a0000001000100028010000358288e20601b11d0000000f856157d0e4871c1a75c871225813aa2261004f16"
    "46f0760b220636ba465f56798b899979669f64c9232bda0aa5ecf11bf8b38df923bdda3b48bc0101000000000000"
    "802600e14acfd4019979669f64c9232b000000000200080056004700500043000100080056004700500043000400"
    "0800560047005000430003000800560047005000430007000800802600e14acfd40106000400020000000a001000"
    "0000000000000000000000000000000009001e005400450052004d005300520056002f0030002e0030002e003000"
    "2e003000000000000000000000000000000000007f2b0465223ac5259d8f293068ce6a9d");
const std::string proof_of_client = bytes(
    "01000000ca1871ef99e5162100000000231fb3beb805190ce1a29d3023d0d42133cb942c5ba46677842e05d94b46"
    "98ac");
const std::string proof_of_host = bytes(
    "01000000ce7a5af4f7e2571b00000000dacc168fb23445ed026731c16390a85c6b01bc1f8d935e34de66b9b3d7f5"
    "a1ab");
const std::string sealed_credentials =
    bytes("01000000e0bae3bac27254e8010000006e037c4c9d024e5eeba19fab603297cd95cffe8f4470796e6ccdea746a");
const std::string proof_beside_error = bytes(
    "01000000d8b30c7e37512184000000006c47c8e302599219d199dfbd0ff571613adf7403effca52316233755ff91"
    "20d8");
const std::string nonce_beside_error =
    bytes("f88dd4b7559a94e5e87f2b2f94c23858a984fc07697df85776c957a31512eb32");

void expect_is(const TsRequest& request, const std::string& message) {
    EXPECT_EQ(encoding::to_hex(write_ts_request(request)), encoding::to_hex(message));
    const auto read = parse_ts_request(message);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->version, request.version);
    EXPECT_EQ(read->nego_token, request.nego_token);
    EXPECT_EQ(read->auth_info, request.auth_info);
    EXPECT_EQ(read->pub_key_auth, request.pub_key_auth);
    EXPECT_EQ(read->error_code, request.error_code);
    EXPECT_EQ(read->client_nonce, request.client_nonce);
}

TEST(Published, RequestsOfALogonByNtlm) {
    const std::string nonce_field = bytes("a5220420") + nonce;
    expect_is({6, negotiate, {}, {}, {}, nonce},
              bytes("305ba003020106a130302e302ca02a0428") + negotiate + nonce_field);
    // Lengths of one byte more, and of two.
    expect_is({6, challenge, {}, {}, {}, nonce},
              bytes("3081b8a003020106a1818c308189308186a08183048180") + challenge + nonce_field);
    expect_is({6, authenticate, {}, proof_of_client, {}, nonce},
              bytes("308201a9a003020106a18201483082014430820140a082013c04820138") + authenticate +
                  bytes("a3320430") + proof_of_client + nonce_field);
    expect_is({6, {}, {}, proof_of_host, {}, nonce},
              bytes("305da003020106a3320430") + proof_of_host + nonce_field);
    expect_is({6, {}, sealed_credentials, {}, {}, nonce},
              bytes("305aa003020106a22f042d") + sealed_credentials + nonce_field);
}

TEST(Published, RequestWithAnError) {
    expect_is({6, {}, {}, proof_beside_error, 0xC00700EA, nonce_beside_error},
              bytes("3065a003020106a3320430") + proof_beside_error + bytes("a4060204c00700eaa5220420") +
                  nonce_beside_error);
}

// pyspnego.
TEST(Published, RequestWithEveryField) {
    expect_is({6, "123", "auth info", "pub key auth", 10, "client nonce"},
              bytes("3044a003020106a10b30093007a0050403313233a20b04096175746820696e666f"
                    "a30e040c707562206b65792061757468a40302010aa50e040c636c69656e74206e6f6e6365"));
}

struct Credentials {
    const char* domain;
    const char* user;
    const char* password;
    const char* hex;
};
// The first is pyspnego's, the others are sspi-rs'.
const Credentials of_others[] = {
    {"domain name", "username", "password",
     "304da003020101a14604443042a018041664006f006d00610069006e0020006e0061006d006500a1120410750073006500720"
     "06e0061006d006500a2120410700061007300730077006f0072006400"},
    {"Domain", "Username", "Password",
     "3043a003020101a13c043a3038a00e040c44006f006d00610069006e00a112041055007300650072006e0061006d"
     "006500a2120410500061007300730077006f0072006400"},
    {"", "a", "1", "301ba003020101a11404123010a0020400a10404026100a20404023100"},
    {"", "", "", "3017a003020101a110040e300ca0020400a1020400a2020400"},
    {"", "QWERTYUIOPASDFGHJKLZXCVBNMqwertyuiopasdfghjklzxcvbnm1234567890",
     "@#$%^&*()_+1234567890-=QWERTYUIOP{}qwertyuiop[]asdfghjkl;ASDFGHJKL:\\\"|zxcvbnm,.ZXCVBNM<>?",
     "3082014da003020101a1820144048201403082013ca0020400a17e047c510057004500520054005900550049004f"
     "0050004100530044004600470048004a004b004c005a0058004300560042004e004d007100770065007200740079"
     "00750069006f0070006100730064006600670068006a006b006c007a0078006300760062006e006d003100320033"
     "003400350036003700380039003000a281b50481b240002300240025005e0026002a00280029005f002b00310032"
     "00330034003500360037003800390030002d003d00510057004500520054005900550049004f0050007b007d0071"
     "0077006500720074007900750069006f0070005b005d006100730064006600670068006a006b006c003b00410053"
     "0044004600470048004a004b004c003a005c0022007c007a0078006300760062006e006d002c002e005a00580043"
     "00560042004e004d003c003e003f00"},
};

TEST(Published, PasswordsHandedOver) {
    for (const auto& [domain, user, password, hex] : of_others) {
        const auto written = write_ts_credentials({domain, user, Secret(password)});
        ASSERT_TRUE(written.ok());
        EXPECT_EQ(encoding::to_hex(*written), hex);
        const auto read = parse_ts_credentials(bytes(hex));
        ASSERT_TRUE(read.ok()) << read.error().message();
        EXPECT_EQ(read->domain, domain);
        EXPECT_EQ(read->user, user);
        EXPECT_EQ(read->password.expose(), password);
    }
}

// requests-credssp: a host's key of 2048 bits, as its certificate has it (without the algorithm).
const std::string host_key = bytes(
    "3082010a02820101009db9d2d976578b223a25c54dd0efa9291e7b4eec5e1300064ebaadf30b84d937af2f2c659e"
    "9baf47f96363639f7f9cdd3e8596b34633420a0c6dee6778a9f073dc028230614929f755b3436840fca172d9caf3"
    "1aa4999d52c3981a8a27f88bb8e3dc1a822b921ebc508ca36a1c252f39b590c55619010319fb01c9167a667c7864"
    "7bd4e64065db09218e8ba599acb392f246f3a2880b48833fbf74af03d4f750523feadef13304c2b43b8e54a25726"
    "5a662864fbfd0921bebd9397c2708069993637710f923218e7738a73c6dfb1b7fbf2afa384af6912e0f087c7b432"
    "3f56fcba108862fba16930228904dd51a98e3e7a3279171c4f472bf1f9f41e3509fa930203010001");

TEST(Published, ProofsOfAKey) {
    const auto answered = bytes("02ceee0cdf034930c755d7dd4a8adaafeb7e789d869cb2b8d79f710ce283724d");
    EXPECT_EQ(encoding::to_hex(key_proof(Prover::server, 6, answered, host_key)),
              "de4fc6a6bab20ec5296e8de5e784c711efb8e4d0c3394f4bb964bdfff1c0b8c2");
    EXPECT_EQ(encoding::to_hex(key_proof(Prover::client, 5, std::string(32, '\xff'), host_key)),
              "e6436d98ee735a5fbae30bd7d89bebb3ec28f7e3f96c95f462b2f5e902e1b638");
    // Up to version 4: the key, whose first byte (the tag of a SEQUENCE) the host counts up.
    EXPECT_EQ(key_proof(Prover::client, 4, {}, host_key), host_key);
    EXPECT_EQ(key_proof(Prover::server, 4, {}, host_key), '\x31' + host_key.substr(1));
    // pyspnego.
    const std::string zeros(2, '\0'), key("\0\1", 2);
    EXPECT_EQ(encoding::to_hex(key_proof(Prover::client, 6, zeros, key)),
              "4590c26c837dacdf3da8fae578264d9e45486afc3951f21ef357064cd55fbbb5");
    EXPECT_EQ(encoding::to_hex(key_proof(Prover::server, 6, zeros, key)),
              "cdf4ffee6cb6395e5b692c2da397386f6a1eab2d3a6271816a04c7a2914d333f");
    EXPECT_EQ(key_proof(Prover::server, 2, {}, key), std::string("\1\1", 2));
}

}  // namespace
}  // namespace mullion::credssp
