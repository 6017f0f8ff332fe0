#include "secrets/yaml/entities_yaml.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "secrets/entities/credential.h"
#include "secrets/entities/document.h"
#include "secrets/entities/validate.h"
#include "secrets/tests/sample_entities.h"
#include "source_dir/source_dir.h"

namespace mullion::secrets {
namespace {

std::string data(const std::string& name) {
    std::ifstream file(source_dir() + "/tests/data/harness/" + name + ".yaml");
    EXPECT_TRUE(file.good()) << name;
    return {std::istreambuf_iterator<char>(file), {}};
}
Entity read_form(const std::string& name) {
    auto all = read_entities(data(name), name);
    EXPECT_TRUE(all.ok() && all->size() == 1) << name << (all.ok() ? "" : all.error().detail);
    return all.ok() ? std::move(all->front().entity) : Entity();
}
std::string refused(const std::string& text) {
    const auto all = read_entities(text, "f");
    if (all.ok()) return "";
    EXPECT_EQ(all.error().id, ErrorId::secrets_invalid);
    return all.error().detail;
}
// A form with one line put in the place of another.
std::string with(const std::string& name, std::string_view from, std::string_view to) {
    auto text = data(name);
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << name << from;
    return text.replace(at, from.size(), to);
}

// ---- the forms of Harness, unchanged ----

TEST(Forms, Ntlm) {
    const auto entity = read_form("winrm_ntlm");
    EXPECT_EQ(entity.identity, (Identity{Space::secret, {"default", "p1"}, "win_prod"}));
    EXPECT_EQ(entity.name, "win-prod");
    WinRmCredential wanted;
    wanted.log_on = NtlmLogOn{"corp.example", "svc", {Reference::Level::account, "win_pw"}};
    wanted.skip_cert_check = wanted.no_profile = true;
    wanted.port = 5986;
    wanted.parameters = {{"WorkingDirectory", "C:\\jobs"}};
    EXPECT_EQ(std::get<WinRmCredential>(entity.spec), wanted);
    // Taken, and said.
    EXPECT_EQ(notes_of(entity).size(), 1U);
}

TEST(Forms, KerberosInItsThreeWays) {
    const auto log_on = [](const std::string& name) {
        return std::get<KerberosLogOn>(std::get<WinRmCredential>(read_form(name).spec).log_on);
    };
    KerberosLogOn wanted{"svc", "CORP.EXAMPLE", {}, KeytabFile{"/etc/mullion/svc.keytab"}};
    EXPECT_EQ(log_on("winrm_kerberos_keytab"), wanted);
    wanted.ticket = TicketByPassword{{Reference::Level::account, "krb_pw"}};
    EXPECT_EQ(log_on("winrm_kerberos_password"), wanted);
    wanted.ticket = TicketOfTheMachine{};
    EXPECT_EQ(log_on("winrm_kerberos_ticket"), wanted);
    EXPECT_EQ(read_form("winrm_kerberos_keytab").tags,
              (std::map<std::string, std::string>{{"team", "windows"}}));
}

// As in Harness but for skipCertChecks, and the port, which follows useSSL.
TEST(Forms, DefaultsOfACredential) {
    const auto credential = std::get<WinRmCredential>(read_form("winrm_kerberos_ticket").spec);
    EXPECT_TRUE(credential.use_ssl);
    EXPECT_FALSE(credential.skip_cert_check);
    EXPECT_FALSE(credential.no_profile);
    EXPECT_FALSE(credential.port.has_value());
    EXPECT_EQ(port_of(credential), 5986);
    const auto plain = read_entities(
        with("winrm_kerberos_ticket", "principal: svc", "principal: svc\n        useSSL: false"), "f");
    ASSERT_TRUE(plain.ok());
    EXPECT_EQ(port_of(std::get<WinRmCredential>(plain->front().entity.spec)), 5985);
}

TEST(Forms, SecretsOfBothKinds) {
    EXPECT_EQ(std::get<TextSecret>(read_form("secret_text").spec), (TextSecret{{{}, builtin_manager_id}}));
    EXPECT_EQ(std::get<FileSecret>(read_form("secret_file").spec),
              (FileSecret{{{}, builtin_manager_id}, ""}));
}

TEST(Forms, AwsKmsWithEachCredential) {
    const auto connector = [](const std::string& name) {
        return std::get<AwsKmsConnector>(read_form(name).spec);
    };
    const auto of_account = [](const char* id) { return Reference{Reference::Level::account, id}; };
    const auto keys = connector("awskms_access_key");
    EXPECT_EQ(std::get<AwsKeys>(keys.credential), (AwsKeys{of_account("ak"), of_account("sk")}));
    EXPECT_EQ(std::get<Reference>(keys.key_arn), of_account("kms_arn"));
    EXPECT_EQ(keys.region, "us-east-1");
    EXPECT_EQ(keys.selectors, std::vector<std::string>{"a"});
    const auto role = connector("awskms_iam_role");
    EXPECT_TRUE(std::holds_alternative<AwsRoleOfTheMachine>(role.credential));
    EXPECT_EQ(role.credential_selectors, std::vector<std::string>{"a"});
    EXPECT_EQ(std::get<std::string>(role.key_arn),
              "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab");
    const auto sts = connector("awskms_sts_role");
    EXPECT_EQ(std::get<AwsAssumedRole>(sts.credential),
              (AwsAssumedRole{"arn:aws:iam::111122223333:role/mullion-kms", "mullion:prod", 900}));
    EXPECT_TRUE(sts.is_default && sts.ignore_test_connection && sts.execute_on_delegate);
    const auto oidc = connector("awskms_oidc");
    EXPECT_EQ(std::get<AwsOidc>(oidc.credential).role_arn, "arn:aws:iam::111122223333:role/mullion-oidc");
    EXPECT_FALSE(std::get<AwsOidc>(oidc.credential).through_platform);
    const auto platform =
        read_entities(with("awskms_oidc", "executeOnDelegate: true", "executeOnDelegate: false"), "f");
    ASSERT_TRUE(platform.ok());
    EXPECT_TRUE(std::get<AwsOidc>(std::get<AwsKmsConnector>(platform->front().entity.spec).credential)
                    .through_platform);
}

TEST(Forms, HostsOfAPdc) {
    const auto pdc = std::get<PdcConnector>(read_form("pdc").spec);
    EXPECT_EQ(pdc.hosts,
              (std::vector<PdcHost>{{"web01.corp.example", {}}, {"web02.corp.example", {{"zone", "b"}}}}));
    EXPECT_FALSE(pdc.credential.has_value());
}

TEST(Forms, OfOursWithIdentifiersFromTheNames) {
    const auto all = read_entities(data("of_ours"), "f");
    ASSERT_TRUE(all.ok()) << all.error().detail;
    ASSERT_EQ(all->size(), 4U);
    EXPECT_EQ(all->at(0).entity.identity.id, "win_of_ours");
    EXPECT_EQ(all->at(1).line, 17U);
    const auto& kerberos = std::get<KerberosLogOn>(std::get<WinRmCredential>(all->at(0).entity.spec).log_on);
    EXPECT_EQ(std::get<KeytabSecret>(kerberos.ticket).file.id, "svc_keytab");
    EXPECT_EQ(kerberos.kdcs.size(), 2U);
    EXPECT_TRUE(kerberos.reuse_within_a_run);
    EXPECT_EQ(std::get<FileSecret>(all->at(1).entity.spec).file_name, "svc.keytab");
    const auto& kms = std::get<AwsKmsConnector>(all->at(2).entity.spec);
    EXPECT_EQ(std::get<AwsOidc>(kms.credential).token_command.size(), 3U);
    EXPECT_EQ(kms.sts_endpoint, "http://127.0.0.1:5000");
    EXPECT_EQ(std::get<PdcConnector>(all->at(3).entity.spec).credential->id, "win_of_ours");
}

// ---- what is refused, and in which words ----

TEST(Refusals, OfInlineSecretText) {
    EXPECT_EQ(refused(data("secret_text_inline")), "f:9: Inline secret text cannot be provided in YAML.");
    const auto all = read_entities(data("secret_text_inline"), "f");
    EXPECT_EQ(all.error().message().find("not to be shown"), std::string::npos);
    EXPECT_EQ(refused(with("secret_text_inline", "value: not", "value: [a]\n    valu: not")),
              "f:9: Inline secret text cannot be provided in YAML.");
}

TEST(Refusals, OfSecretTextKeptElsewhere) {
    EXPECT_EQ(refused(data("secret_text_reference")),
              "f:9: value cannot be empty for reference secret text in YAML.");
    EXPECT_EQ(refused(with("secret_text_reference", "value: \"\"", "")),
              "f:6: value cannot be empty for reference secret text in YAML.");
    EXPECT_TRUE(refused(with("secret_text_reference", "value: \"\"", "value: kv/pw#x"))
                    .starts_with("f:8: valueType Reference: the managers here keep values themselves"));
    EXPECT_TRUE(refused(with("secret_text_reference", "Reference", "CustomSecretManagerValues"))
                    .starts_with("f:8: valueType CustomSecretManagerValues: "));
    EXPECT_EQ(refused(with("secret_text_reference", "Reference", "Other")),
              "f:8: valueType is Inline, Reference or CustomSecretManagerValues");
}

TEST(Refusals, OfConnectorsInHarnesssWords) {
    const auto keys = [](auto from, auto to) { return refused(with("awskms_access_key", from, to)); };
    EXPECT_EQ(keys("accessKey: account.ak", "accessKey:"), "f:11: Access key cannot be empty.");
    EXPECT_EQ(keys("secretKey: account.sk", "secretKey: ''"), "f:12: Secret key cannot be empty.");
    EXPECT_EQ(keys("secretKey: account.sk", ""), "f:10: Secret key cannot be empty.");
    EXPECT_EQ(keys("kmsArn: account.kms_arn", "kmsArn: null"), "f:13: Key Arn cannot be empty");
    EXPECT_EQ(keys("kmsArn: account.kms_arn", ""), "f:7: Key Arn cannot be empty");
    EXPECT_EQ(keys("ManualConfig", "Other"), "f:9: Invalid Credential type.");
    EXPECT_EQ(keys("type: ManualConfig", ""), "f:8: Invalid Credential type.");
    EXPECT_EQ(keys("accessKey: account.ak", "accessKey: project.ak").substr(0, 42),
              "f:11: accessKey: Invalid Secret Reference:");
    EXPECT_EQ(refused(with("awskms_iam_role", "delegateSelectors: [a]", "delegateSelectors: []")),
              "f:9: DelegateSelectors cannot be Empty.");
    EXPECT_EQ(refused(with("awskms_sts_role", "delegateSelectors: [a, b]", "")),
              "f:9: DelegateSelectors cannot be Empty.");
    EXPECT_EQ(
        refused(with("awskms_sts_role", "roleArn: arn:aws:iam::111122223333:role/mullion-kms", "roleArn:")),
        "f:11: Role Arn cannot be Empty.");
    EXPECT_EQ(refused(with("awskms_oidc", "iamRoleArn: arn:aws:iam::111122223333:role/mullion-oidc", "")),
              "f:8: Role Arn cannot be Empty.");
    EXPECT_EQ(refused(with("awskms_oidc", "region: us-east-1", "region:")), "f:12: Region cannot be empty");
    EXPECT_EQ(refused(with("awskms_access_key", "region: us-east-1", "kmsArnInPlainText: alias/x")),
              "f:14: kmsArn and kmsArnInPlainText are two keys; one is wanted");
}

TEST(Refusals, OfWhatIsNoKeyHere) {
    EXPECT_EQ(refused(with("winrm_ntlm", "username: svc", "userName: svc")),
              "f:15: userName is not a key of a log-on by NTLM; did you mean username?");
    EXPECT_EQ(refused(with("winrm_kerberos_ticket", "principal: svc", "domain: x\n        principal: svc")),
              "f:10: domain is not a key of a log-on by Kerberos");
    EXPECT_EQ(refused(with("pdc", "attributes:", "attribute:")),
              "f:13: attribute is not a key of a host; did you mean attributes?");
    EXPECT_EQ(refused("secrets: {}\n"), "f:1: secrets is not a key of a document; did you mean secret?");
    EXPECT_EQ(refused("secret: {}\nconnector: {}\n"), "f:1: a document has one key: secret, or connector");
    EXPECT_EQ(refused("- secret\n"), "f:1: a document is a map of keys and values");
    EXPECT_EQ(refused("{}\n"), "f:1: a document has one key: secret, or connector");
    EXPECT_EQ(refused(""), "f:1: there is no secret and no connector in it");
    EXPECT_EQ(refused(with("winrm_ntlm", "type: WinRmCredentials", "type: SSHKey")),
              "f:2: type is one of SecretText, SecretFile, WinRmCredentials; SSHKey is not kept here");
    EXPECT_EQ(refused(with("pdc", "type: Pdc", "type: Vault")),
              "f:8: type is one of AwsKms, Pdc; Vault is not kept here");
    EXPECT_EQ(refused(with("winrm_ntlm", "type: NTLM", "type: Basic")),
              "f:12: auth.type is NTLM or Kerberos");
}

TEST(Refusals, OfValuesOfAnotherShape) {
    EXPECT_EQ(refused(with("winrm_ntlm", "port: 5986", "port: 65536")), "f:10: port is a number up to 65535");
    EXPECT_EQ(refused(with("winrm_ntlm", "port: 5986", "port: 0")), "f:10: port is a number from 1 to 65535");
    EXPECT_EQ(refused(with("winrm_ntlm", "useSSL: true", "useSSL: 'true'")), "f:17: useSSL is true or false");
    EXPECT_EQ(refused(with("winrm_ntlm", "username: svc", "username: [svc]")),
              "f:15: username takes one value");
    EXPECT_EQ(refused(with("winrm_ntlm", "tags: {}", "tags: [a]")), "f:7: tags is a map of keys and values");
    EXPECT_EQ(refused(with("awskms_access_key", "- a", "a: b")), "f:16: delegateSelectors is a list");
    EXPECT_EQ(refused(with("pdc", "- hostname: web01.corp.example", "- web01")),
              "f:11: a host is a map of keys and values");
    EXPECT_EQ(refused(with("winrm_kerberos_keytab", "KeyTabFilePath", "Other")),
              "f:18: tgtGenerationMethod is KeyTabFilePath, Password or absent");
    EXPECT_EQ(refused(with("winrm_kerberos_keytab", "tgtGenerationMethod: KeyTabFilePath", "")),
              "f:19: spec without tgtGenerationMethod: KeyTabFilePath or Password");
    EXPECT_EQ(refused(with("winrm_kerberos_keytab", "keyPath: /etc/mullion/svc.keytab",
                           "{keyPath: /a, keytab: b}")),
              "f:20: keyPath and keytab are two keytabs; one is wanted");
}

TEST(Refusals, OfOneEntityTwice) {
    const auto pw = data("secret_text");
    EXPECT_EQ(refused(pw + "---\n" + data("pdc") + "---\n" + pw),
              "f:27: secret win_pw of account is given at line 1 already");
    // A connector of the same name is another.
    EXPECT_EQ(refused(pw + "---\n" + with("pdc", "identifier: rack_7", "identifier: win_pw")), "");
}

TEST(Refusals, NameTheLineInALaterDocument) {
    EXPECT_EQ(
        refused(data("secret_text") + "---\n" + with("winrm_ntlm", "password: account.win_pw", "password:")),
        "f:26: password cannot be empty");
    EXPECT_EQ(refused(data("secret_text") + "---\nsecret: [\n").substr(0, 5), "f:12:");
}

// ---- there and back ----

TEST(Yaml, OfEverySampleAndOfAThousandDrawnOnesIsReadAsItWas) {
    auto all = sample_entities();
    for (std::uint32_t seed = 0; seed < 1000; ++seed) all.push_back(random_entity(seed));
    for (const auto& entity : all) {
        const auto text = entity_yaml(entity);
        const auto read = read_entities(text, "f");
        ASSERT_TRUE(read.ok() && read->size() == 1) << text << (read.ok() ? "" : read.error().detail);
        ASSERT_EQ(read->front().entity, entity) << text;
    }
}

TEST(Yaml, LooksAsPeopleWriteIt) {
    EXPECT_EQ(entity_yaml(read_form("pdc")), R"(connector:
  type: Pdc
  name: "rack 7"
  identifier: rack_7
  orgIdentifier: default
  projectIdentifier: p1
  description: ""
  tags: {}
  spec:
    hosts:
      - hostname: web01.corp.example
      - hostname: web02.corp.example
        attributes:
          zone: b
    delegateSelectors: []
)");
}

TEST(Yaml, EveryTruncationIsAnErrorOrAPrefix) {
    const auto text = data("of_ours");
    for (std::size_t size = 0; size <= text.size(); ++size) {
        const auto all = read_entities(std::string_view(text).substr(0, size), "f");
        if (!all.ok()) {
            ASSERT_TRUE(all.error().detail.starts_with("f:")) << all.error().detail;
            continue;
        }
        ASSERT_LE(all->size(), 4U);
        for (const auto& one : *all) ASSERT_TRUE(validate(one.entity).ok());
    }
}

// A form that was added without a test would not be missed.
TEST(Forms, AreAllReadOrRefusedAsTheirNameSays) {
    std::size_t count = 0;
    for (const auto& file : std::filesystem::directory_iterator(source_dir() + "/tests/data/harness")) {
        const auto name = file.path().stem().string();
        const bool bad = name == "secret_text_inline" || name == "secret_text_reference";
        EXPECT_EQ(refused(data(name)).empty(), !bad) << name;
        ++count;
    }
    EXPECT_EQ(count, 14U);
}

}  // namespace
}  // namespace mullion::secrets
