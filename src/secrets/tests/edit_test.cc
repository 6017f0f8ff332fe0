#include "secrets/yaml/edit.h"

#include <gtest/gtest.h>

#include <set>

#include "secrets/tests/sample_entities.h"
#include "secrets/yaml/form.h"

namespace mullion::secrets {
namespace {

using Words = std::vector<std::pair<std::string, std::string>>;

std::vector<SetField> fields(const Words& words) {
    std::vector<SetField> all;
    for (const auto& [flag, value] : words) {
        const FieldOption* found = nullptr;
        for (const auto& option : field_options())
            if (option.flag == flag) found = &option;
        EXPECT_NE(found, nullptr) << flag;
        if (!all.empty() && all.back().option == found)
            all.back().values.push_back(value);
        else
            all.push_back({found, {value}});
    }
    return all;
}
Entity sample(std::string_view id) {
    for (auto& entity : sample_entities())
        if (entity.identity.id == id) return std::move(entity);
    return {};
}
// The fields that a change made other, or why it was refused.
std::string changed(std::string_view id, const Words& words) {
    const auto before = sample(id);
    const auto after = edited(before, fields(words));
    if (!after.ok()) return after.error().detail;
    std::string all;
    for (const auto& field : changed_fields(before, *after)) all += (all.empty() ? "" : " ") + field;
    return all;
}
std::string made_of(std::string_view type, const Words& words, std::string_view id = "") {
    const auto entity = made(type, {}, id, fields(words));
    return entity.ok() ? form_of(*entity).begin()->at("spec").dump() : entity.error().detail;
}

TEST(Edit, MakesASecretOfTheBuiltInManager) {
    const auto entity =
        made("SecretText", {"o", "p"}, "", fields({{"--name", "win pw"}, {"--tag", "a=b=c"}}));
    ASSERT_TRUE(entity.ok());
    EXPECT_EQ(entity->identity, (Identity{Space::secret, {"o", "p"}, "win_pw"}));
    EXPECT_EQ(entity->tags.at("a"), "b=c");
    EXPECT_EQ(std::get<TextSecret>(entity->spec).manager.id, builtin_manager_id);
    // Without a name its identifier is its name.
    EXPECT_EQ(
        made("SecretFile", {}, "kt", fields({{"--file-name", "x"}, {"--manager", "account.kms"}}))->name,
        "kt");
    EXPECT_NE(made_of("SecretText", {}).find("cannot be empty"), std::string::npos);
}

TEST(Edit, MakesCredentialsOfEachWay) {
    EXPECT_EQ(
        made_of(
            "WinRmCredentials",
            {{"--username", "svc"}, {"--auth", "ntlm"}, {"--password-ref", "account.pw"}, {"--ssl", "no"}},
            "w"),
        R"({"auth":{"type":"NTLM","spec":{"domain":"","username":"svc","password":"account.pw","useSSL":false,)"
        R"("skipCertChecks":false,"useNoProfile":false}},"parameters":[]})");
    const Words kerberos{{"--auth", "kerberos"}, {"--principal", "svc"}, {"--realm", "CORP"}};
    const auto with = [&](const char* flag, const char* value) {
        auto words = kerberos;
        words.emplace_back(flag, value);
        return made_of("WinRmCredentials", words, "w");
    };
    EXPECT_NE(
        with("--password-ref", "pw").find(R"("tgtGenerationMethod":"Password","spec":{"password":"pw"})"),
        std::string::npos);
    EXPECT_NE(with("--keytab-file", "/k").find(R"("KeyTabFilePath","spec":{"keyPath":"/k"})"),
              std::string::npos);
    EXPECT_NE(with("--keytab-ref", "kt").find(R"("KeyTabFilePath","spec":{"keytab":"kt"})"),
              std::string::npos);
    EXPECT_EQ(with("--machine-ticket", "yes").find("tgtGenerationMethod"), std::string::npos);
    EXPECT_EQ(with("--username", "svc"), "username is not a key of a log-on by Kerberos");
}

TEST(Edit, MakesConnectors) {
    EXPECT_EQ(
        made_of("AwsKms",
                {{"--credential-type", "access-key"},
                 {"--access-key-ref", "ak"},
                 {"--secret-key-ref", "sk"},
                 {"--kms-arn", "alias/x"},
                 {"--region", "eu-central-1"}},
                "kms"),
        R"({"credential":{"type":"ManualConfig","spec":{"accessKey":"ak","secretKey":"sk"}},)"
        R"("kmsArnInPlainText":"alias/x","region":"eu-central-1","delegateSelectors":[],"default":false,)"
        R"("executeOnDelegate":true,"ignoreTestConnection":false})");
    EXPECT_EQ(made_of("Pdc", {{"--host", "a"}, {"--host", "b"}, {"--credential", "w"}}, "p"),
              R"({"hosts":[{"hostname":"a"},{"hostname":"b"}],"credential":"w","delegateSelectors":[]})");
    EXPECT_EQ(made_of("AwsKms", {{"--credential-type", "iam-role"}}, "kms"),
              "DelegateSelectors cannot be Empty. (spec.credential.spec.delegateSelectors of connector kms "
              "of account)");
    EXPECT_EQ(made_of("AwsKms", {}, "kms"), "Invalid Credential type.");
}

TEST(Edit, ChangesWhatIsNamedAndNothingElse) {
    EXPECT_EQ(changed("win", {}), "");
    EXPECT_EQ(changed("win", {{"--username", "adm"}}), "spec.auth.spec.username");
    EXPECT_EQ(changed("win", {{"--description", "x"}, {"--name", "y"}}), "description name");
    EXPECT_EQ(changed("pw", {{"--tag", ""}}), "tags.empty tags.team");
    EXPECT_EQ(changed("win", {{"--parameter", "a=b"}}), "spec.parameters");
    EXPECT_EQ(changed("hosts", {{"--host", "web01"}}), "spec.hosts");
    EXPECT_EQ(changed("sts", {{"--session-seconds", "900"}, {"--external-id", ""}}),
              "spec.credential.spec.assumeStsRoleDuration spec.credential.spec.externalName");
    EXPECT_EQ(changed("sts", {{"--role-arn", "arn:aws:iam::111122223333:role/b"}}),
              "spec.credential.spec.roleArn");
    EXPECT_EQ(changed("oidc", {{"--role-arn", "arn:aws:iam::111122223333:role/b"}}),
              "spec.credential.spec.iamRoleArn");
    EXPECT_EQ(changed("keys", {{"--kms-arn-ref", "arn"}}), "spec.kmsArn spec.kmsArnInPlainText");
    EXPECT_EQ(changed("oidc", {{"--token-command", "/bin/t"}, {"--token-command", "x"}}),
              "spec.credential.spec.tokenCommand spec.credential.spec.tokenFile");
    EXPECT_EQ(changed("oidc", {{"--execute-on-delegate", "no"}}), "spec.executeOnDelegate");
}

TEST(Edit, AHostThatStaysKeepsItsAttributes) {
    const auto after = edited(sample("hosts"), fields({{"--host", "new"}, {"--host", "web01"}}));
    ASSERT_TRUE(after.ok());
    EXPECT_EQ(std::get<PdcConnector>(after->spec).hosts,
              (std::vector<PdcHost>{{"new", {}}, {"web01", {{"zone", "a"}}}}));
}

TEST(Edit, ThePortFollowsAgainWhenToldTo) {
    EXPECT_EQ(changed("win", {{"--port", "5986"}}), "spec.port");
    const auto fixed = edited(sample("win"), fields({{"--port", "443"}}));
    const auto followed = edited(*fixed, fields({{"--port", "auto"}}));
    EXPECT_EQ(*followed, sample("win"));
    EXPECT_EQ(changed("win", {{"--port", "0"}}).substr(0, 10), "port is a ");
}

TEST(Edit, AnotherWayToLogOnLeavesOnlyWhatBothHave) {
    const auto before =
        edited(sample("win"), fields({{"--skip-cert-check", "yes"}, {"--no-profile", "yes"}}));
    const auto after =
        edited(*before, fields({{"--realm", "CORP"}, {"--principal", "svc"}, {"--auth", "kerberos"}}));
    ASSERT_TRUE(after.ok()) << after.error().detail;
    const auto& credential = std::get<WinRmCredential>(after->spec);
    EXPECT_TRUE(credential.skip_cert_check && credential.no_profile);
    EXPECT_EQ(std::get<KerberosLogOn>(credential.log_on), (KerberosLogOn{"svc", "CORP", {}, {}}));
    EXPECT_NE(changed("win", {{"--auth", "kerberos"}}).find("principal cannot be empty"), std::string::npos);
    EXPECT_EQ(changed("win", {{"--auth", "ntlm"}}), "");
    EXPECT_EQ(
        changed("keytab_secret", {{"--machine-ticket", "yes"}}),
        "spec.auth.spec.reuseTicketWithinRun spec.auth.spec.spec.keytab spec.auth.spec.tgtGenerationMethod");
    // The selectors stay, which all roles have.
    EXPECT_EQ(changed("sts", {{"--credential-type", "iam-role"}}),
              "spec.credential.spec.assumeStsRoleDuration spec.credential.spec.externalName "
              "spec.credential.spec.roleArn spec.credential.type");
}

TEST(Edit, SaysWhichOptionIsWrong) {
    EXPECT_EQ(changed("win", {{"--ssl", "maybe"}}), "--ssl: 'maybe' is neither yes nor no");
    EXPECT_EQ(changed("win", {{"--auth", "basic"}}), "--auth: 'basic' is none of ntlm, kerberos");
    EXPECT_EQ(changed("win", {{"--tag", "x"}}), "--tag: 'x' is not KEY=VALUE");
    EXPECT_EQ(changed("win", {{"--machine-ticket", "no"}}).substr(0, 17), "--machine-ticket:");
    EXPECT_EQ(changed("win", {{"--password-ref", "project.x"}}).substr(0, 10), "password: ");
}

// Each option can be said, is of a kind, and no two have one name.
TEST(Edit, EveryOptionSetsItsField) {
    const std::map<unsigned, const char*> samples{
        {1, "pw"}, {2, "kt"}, {4, "win"}, {8, "sts"}, {16, "hosts"}};
    std::set<std::string_view> flags;
    for (const auto& option : field_options()) {
        EXPECT_TRUE(flags.insert(option.flag).second) << option.flag;
        std::size_t kinds = 0;
        for (const auto& [kind, id] : samples) {
            if (!option.is_of(static_cast<FieldOf>(kind))) continue;
            ++kinds;
            auto form = form_of(sample(id));
            const auto before = form;
            const bool yes_no = option.type == "yes|no";
            std::string value = option.type == "KEY=VALUE" || option.type == "NAME=VALUE" ? "k=v" : "5";
            if (option.flag == "--machine-ticket") continue;  // It takes away what an NTLM log-on has not.
            if (option.flag == "--auth") value = "kerberos";
            if (option.flag == "--credential-type") value = "oidc";
            if (yes_no)
                value = option.flag == "--ssl" || option.flag == "--execute-on-delegate" ? "no" : "yes";
            EXPECT_TRUE(option.set(form.begin().value(), {value}).ok()) << option.flag;
            EXPECT_NE(form, before) << option.flag;
        }
        EXPECT_GT(kinds, 0U) << option.flag;
    }
}

}  // namespace
}  // namespace mullion::secrets
