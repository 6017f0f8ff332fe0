#include "secrets/entities/references.h"

#include <gtest/gtest.h>

namespace mullion::secrets {
namespace {

Reference of_account(const char* id) {
    return {Reference::Level::account, id};
}

std::string uses(const Spec& spec) {
    std::string all;
    for (const auto& use : references_of({{space_of(spec), {}, "x"}, "x", "", {}, spec}))
        all += use.field + "=" + reference_text(use.reference) + " ";
    return all;
}

WinRmCredential with(std::variant<NtlmLogOn, KerberosLogOn> log_on) {
    WinRmCredential credential;
    credential.log_on = std::move(log_on);
    return credential;
}

TEST(References, OfSecretsAndCredentialsAreAllFound) {
    EXPECT_EQ(uses(TextSecret{of_account("kms")}), "spec.secretManagerIdentifier=account.kms ");
    EXPECT_EQ(uses(FileSecret{{Reference::Level::org, "kms"}, "f"}), "spec.secretManagerIdentifier=org.kms ");
    EXPECT_EQ(uses(with(NtlmLogOn{"corp", "svc", of_account("pw")})), "spec.auth.spec.password=account.pw ");
    KerberosLogOn kerberos{"svc", "CORP", {}, TicketByPassword{of_account("pw")}};
    EXPECT_EQ(uses(with(kerberos)), "spec.auth.spec.spec.password=account.pw ");
    kerberos.ticket = KeytabSecret{of_account("kt")};
    EXPECT_EQ(uses(with(kerberos)), "spec.auth.spec.spec.keytab=account.kt ");
    kerberos.ticket = KeytabFile{"/etc/krb5.keytab"};
    EXPECT_EQ(uses(with(kerberos)), "");
}

TEST(References, OfConnectorsAreAllFound) {
    AwsKmsConnector kms;
    kms.credential = AwsKeys{of_account("ak"), {{}, "sk"}};
    kms.key_arn = of_account("arn");
    EXPECT_EQ(uses(kms),
              "spec.credential.spec.accessKey=account.ak spec.credential.spec.secretKey=sk "
              "spec.kmsArn=account.arn ");
    kms.credential = AwsAssumedRole{};
    kms.key_arn = std::string("arn:aws:kms:…");
    EXPECT_EQ(uses(kms), "");
    PdcConnector hosts;
    EXPECT_EQ(uses(hosts), "");
    hosts.credential = of_account("win");
    EXPECT_EQ(uses(hosts), "spec.credential=account.win ");
}

TEST(References, TheBuiltInManagerIsNone) {
    EXPECT_EQ(uses(TextSecret{{{}, builtin_manager_id}}), "");
    EXPECT_EQ(uses(TextSecret{of_account(builtin_manager_id)}), "");
}

TEST(References, NameOnlyWhatIsOfTheirKind) {
    using Wants = Use::Wants;
    const Spec specs[] = {TextSecret{}, FileSecret{}, WinRmCredential{}, AwsKmsConnector{}, PdcConnector{}};
    const struct {
        Wants wants;
        const char* kinds;
        Space space;
    } rows[] = {{Wants::value, "SecretText SecretFile ", Space::secret},
                {Wants::file, "SecretFile ", Space::secret},
                {Wants::credential, "WinRmCredentials ", Space::secret},
                {Wants::manager, "AwsKms ", Space::connector}};
    for (const auto& row : rows) {
        std::string kinds;
        for (const auto& spec : specs) {
            if (!may_be(row.wants, spec)) continue;
            kinds += std::string(kind_of(spec)) + " ";
            EXPECT_EQ(space_of(spec), space_of(row.wants));
        }
        EXPECT_EQ(kinds, row.kinds);
        EXPECT_EQ(space_of(row.wants), row.space);
    }
}

TEST(References, OfTheWrongKindAreToldWithBothEnds) {
    const Identity from{Space::secret, {"o", "p"}, "win"};
    const Use use{"spec.auth.spec.password", of_account("other"), Use::Wants::value};
    EXPECT_TRUE(check_kind(from, use, TextSecret{}).ok());
    const auto refused = check_kind(from, use, WinRmCredential{});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().id, ErrorId::secrets_kind);
    EXPECT_EQ(refused.error().detail,
              "spec.auth.spec.password of secret win of project:o/p: account.other is of kind "
              "WinRmCredentials; a text or file secret is wanted");
}

}  // namespace
}  // namespace mullion::secrets
