// The policy, sentence by sentence: what may be tried, decided before anything is sent.
#include "client/allowed_transports.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mullion::client {
namespace {

using target::MessageEncryption;
using Ways = std::vector<std::string>;

// What is left of `transports` for that URL and user; or the id of the error.
Ways allowed(const std::string& url, const std::string& user, Ways transports = {},
             target::Target options = {}) {
    options.transports = std::move(transports);
    options.user = user;
    auto target = target::parse_target(url, options);
    if (!target.ok()) return {std::string(target.error().info().id)};
    const auto found = allowed_transports(*target, {user, Secret("p")});
    if (!found.ok()) {
        const bool about_sending = found.error().id == ErrorId::auth_plaintext ||
                                   found.error().id == ErrorId::auth_domain_account ||
                                   found.error().id == ErrorId::auth_local_account;
        EXPECT_TRUE(!about_sending || found.error().info().effect == Effect::nothing_sent);
        return {std::string(found.error().info().id)};
    }
    Ways names;
    for (const auto transport : *found) names.emplace_back(auth::to_string(transport));
    return names;
}

target::Target with(MessageEncryption encryption, bool allow_unencrypted = false) {
    target::Target options;
    options.message_encryption = encryption;
    options.allow_unencrypted = allow_unencrypted;
    return options;
}

target::Target with_certificate(MessageEncryption encryption = MessageEncryption::automatic) {
    target::Target options = with(encryption);
    options.client_certificate = "c.pem";
    return options;
}

TEST(MessageEncryptionAlways, WithBasicOrCertificateIsAnError) {
    for (const auto* const url : {"https://web01", "http://web01"})
        EXPECT_EQ(allowed(url, "ann", {"basic"}, with(MessageEncryption::always)), Ways{"auth.plaintext"});
    EXPECT_EQ(allowed("https://web01", "ann", {"certificate"}, with_certificate(MessageEncryption::always)),
              Ways{"auth.plaintext"});
    EXPECT_EQ(allowed("https://web01", "ann", {}, with(MessageEncryption::always)), Ways{"auth.plaintext"});
    EXPECT_EQ(allowed("https://web01", "ann", {"ntlm", "basic"}, with(MessageEncryption::always)),
              Ways{"ntlm"});
    for (const auto* const way : {"ntlm", "negotiate", "credssp"})
        EXPECT_EQ(allowed("https://web01", "ann", {way}, with(MessageEncryption::always)), Ways{way});
}

TEST(MessageEncryptionNever, OverHttpNeedsAllowUnencrypted) {
    EXPECT_EQ(allowed("http://web01", "ann", {"ntlm"}, with(MessageEncryption::never)),
              Ways{"auth.plaintext"});
    EXPECT_EQ(allowed("http://web01", "ann", {"ntlm"}, with(MessageEncryption::never, true)), Ways{"ntlm"});
    EXPECT_EQ(allowed("https://web01", "ann", {"ntlm"}, with(MessageEncryption::never)), Ways{"ntlm"});
}

TEST(TransportList, IsTriedInItsOrder) {
    EXPECT_EQ(allowed("https://web01", "ann", {"ntlm", "basic", "negotiate"}),
              (Ways{"ntlm", "basic", "negotiate"}));
    EXPECT_EQ(allowed("https://web01", "ann@CORP.TEST", {"negotiate", "kerberos"}),
              (Ways{"negotiate", "kerberos"}));
}

TEST(WithoutATransport, AUserWithARealmTriesKerberosThenBasicOnlyOverHttps) {
    EXPECT_EQ(allowed("https://web01.corp.test", "ann@web01"), (Ways{"kerberos", "basic"}));
    EXPECT_EQ(allowed("http://web01.corp.test", "ann@web01"), Ways{"kerberos"});
    target::Target options;
    options.kerberos.realm = "CORP.TEST";
    EXPECT_EQ(allowed("https://web01.corp.test", "ann", {}, options), (Ways{"kerberos", "basic"}));
    EXPECT_EQ(allowed("http://web01.corp.test", "ann", {}, options), Ways{"kerberos"});
}

// Of the two rules that meet there the stricter one wins: Basic knows no domain.
TEST(WithoutATransport, ADomainsUserIsNotTriedWithBasic) {
    EXPECT_EQ(allowed("https://web01.corp.test", "ann@CORP.TEST"), Ways{"kerberos"});
}

TEST(WithoutATransport, OthersAreBasicOverHttps) {
    EXPECT_EQ(allowed("https://web01", "ann"), Ways{"basic"});
    EXPECT_EQ(allowed("https://web01", "ann", {}, with_certificate()), Ways{"certificate"});
}

TEST(WithoutATransport, OthersArePlaintextOverHttpAndThatIsRefused) {
    EXPECT_EQ(allowed("http://web01", "ann"), Ways{"auth.plaintext"});
    EXPECT_EQ(allowed("http://web01", "CORP\\ann"), Ways{"auth.domain_account"});
    EXPECT_EQ(allowed("http://web01", "ann", {}, with(MessageEncryption::automatic, true)), Ways{"basic"});
}

TEST(Plaintext, IsRefusedOverHttpWithoutAllowUnencrypted) {
    EXPECT_EQ(allowed("http://web01", "ann", {"basic"}), Ways{"auth.plaintext"});
    EXPECT_EQ(allowed("http://web01", "ann", {"basic"}, with(MessageEncryption::automatic, true)),
              Ways{"basic"});
    EXPECT_EQ(allowed("http://web01", "ann", {"ntlm", "basic"}), Ways{"ntlm"});
    EXPECT_EQ(allowed("http://web01", "ann@web01", {"kerberos", "basic"}), Ways{"kerberos"});
}

TEST(BasicAndCertificate, RefuseDomainAccounts) {
    for (const auto* const user : {"CORP\\ann", "ann@CORP.TEST"}) {
        EXPECT_EQ(allowed("https://web01", user, {"basic"}), Ways{"auth.domain_account"});
        EXPECT_EQ(allowed("https://web01", user, {"certificate"}, with_certificate()),
                  Ways{"auth.domain_account"});
        EXPECT_EQ(allowed("https://web01", user, {"basic", "ntlm"}), Ways{"ntlm"});
    }
    for (const auto* const user : {"ann", ".\\ann", "WEB01\\ann", "ann@web01.corp.test"})
        EXPECT_EQ(allowed("https://web01.corp.test", user, {"basic"}), Ways{"basic"}) << user;
}

TEST(Kerberos, RefusesLocalAccounts) {
    for (const auto* const user : {"ann", "CORP\\ann"})
        EXPECT_EQ(allowed("https://web01", user, {"kerberos"}), Ways{"auth.local_account"});
    EXPECT_EQ(allowed("https://web01", "ann", {"kerberos", "ntlm"}), Ways{"ntlm"});
}

// A password that is handed over is never what another way falls back to.
TEST(Credssp, IsGivenAlone) {
    EXPECT_EQ(allowed("https://web01", "ann", {"ntlm", "credssp"}), Ways{"usage.invalid"});
    EXPECT_EQ(allowed("http://web01", "ann", {"credssp"}), Ways{"credssp"});
}

}  // namespace
}  // namespace mullion::client
