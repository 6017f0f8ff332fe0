#include "secrets/entities/validate.h"

#include <gtest/gtest.h>

#include "secrets/entities/credential.h"
#include "secrets/tests/sample_entities.h"

namespace mullion::secrets {
namespace {

const char* const key_id = "1234abcd-12ab-34cd-56ef-1234567890ab";

Entity sample(std::string_view id) {
    for (auto& entity : sample_entities())
        if (entity.identity.id == id) return std::move(entity);
    ADD_FAILURE() << id;
    return {};
}

// What is said of the sample after a change: "FIELD: WHAT".
template <class Change>
std::string said(std::string_view id, const Change& change) {
    auto entity = sample(id);
    change(entity);
    const auto fault = fault_of(entity);
    EXPECT_EQ(validate(entity).ok(), !fault);
    return fault ? fault->field + ": " + fault->what : "";
}
template <class Part, class Change>
std::string said_of(std::string_view id, const Change& change) {
    return said(id, [&](Entity& entity) {
        if constexpr (std::is_same_v<Part, NtlmLogOn> || std::is_same_v<Part, KerberosLogOn>)
            change(std::get<Part>(std::get<WinRmCredential>(entity.spec).log_on));
        else
            change(std::get<Part>(entity.spec));
    });
}

TEST(Validate, TakesEverySampleAndWhatIsDrawn) {
    for (const auto& entity : sample_entities()) EXPECT_TRUE(validate(entity).ok());
    for (std::uint32_t seed = 0; seed < 1000; ++seed) {
        const auto good = validate(random_entity(seed));
        ASSERT_TRUE(good.ok()) << seed << ": " << good.error().detail;
    }
}

TEST(Validate, SaysWhatIsWrongAndOfWhich) {
    auto entity = sample("keys");
    entity.identity.scope = {"o", "p"};
    std::get<AwsKmsConnector>(entity.spec).key_arn = std::string();
    const auto wrong = validate(entity);
    ASSERT_FALSE(wrong.ok());
    EXPECT_EQ(wrong.error().id, ErrorId::secrets_invalid);
    EXPECT_EQ(wrong.error().detail, "Key Arn cannot be empty (spec.kmsArn of connector keys of project:o/p)");
}

TEST(Validate, WhatAllEntitiesHave) {
    const auto empty = said("pw", [](Entity& e) { e.identity.id.clear(); });
    EXPECT_EQ(empty, "identifier: an identifier cannot be empty");
    EXPECT_EQ(said("pw", [](Entity& e) { e.identity.id = "null"; }),
              "identifier: null is a keyword, so cannot be used");
    EXPECT_NE(said("pw", [](Entity& e) { e.identity.scope.org = "1"; }).find("orgIdentifier: "),
              std::string::npos);
    EXPECT_EQ(said("pw", [](Entity& e) { e.identity.scope.org.clear(); }),
              "projectIdentifier: a project is of an organisation: orgIdentifier cannot be empty");
    EXPECT_EQ(said("pw", [](Entity& e) { e.identity.space = Space::connector; }),
              "type: SecretText is kept among secrets");
    EXPECT_EQ(said("pw", [](Entity& e) { e.name.clear(); }), "name: a name cannot be empty");
    EXPECT_EQ(said("pw", [](Entity& e) { e.description = std::string(4097, 'x'); }),
              "description: description is longer than 4096 bytes");
    EXPECT_EQ(said("pw", [](Entity& e) { e.description = "a\x1b[2J"; }),
              "description: description has a character that is not to be shown");
    EXPECT_EQ(said("pw", [](Entity& e) { e.tags["a"] = "\u202e"; }),
              "tags: tags has a character that is not to be shown: \\u202e");
    EXPECT_EQ(said("pw", [](Entity& e) { e.tags[""] = "x"; }), "tags: a key of tags cannot be empty");
    EXPECT_EQ(said("pw",
                   [](Entity& e) {
                       for (int i = 0; i < 101; ++i) e.tags[std::to_string(i)];
                   }),
              "tags: tags has more than 100 keys");
    EXPECT_EQ(said("keys", [](Entity& e) { e.identity.id = builtin_manager_id; }),
              "identifier: harnessSecretManager is the built-in secret manager");
    EXPECT_EQ(said("pw", [](Entity& e) { e.identity.id = builtin_manager_id; }), "");
}

TEST(Validate, Secrets) {
    EXPECT_EQ(said_of<TextSecret>("pw", [](auto& s) { s.manager.id.clear(); }),
              "spec.secretManagerIdentifier: secretManagerIdentifier cannot be empty");
    EXPECT_EQ(said_of<FileSecret>("kt", [](auto& s) { s.manager.id.clear(); }),
              "spec.secretManagerIdentifier: secretManagerIdentifier cannot be empty");
    EXPECT_EQ(said_of<FileSecret>("kt", [](auto& s) { s.file_name = "a/b"; }),
              "spec.fileName: fileName is a name without folders");
    EXPECT_NE(said_of<FileSecret>("kt", [](auto& s) { s.file_name = "\xff"; }), "");
}

TEST(Validate, NtlmCredentials) {
    EXPECT_EQ(said_of<NtlmLogOn>("win", [](auto& l) { l.username.clear(); }),
              "spec.auth.spec.username: username cannot be empty");
    EXPECT_EQ(said_of<NtlmLogOn>("win", [](auto& l) { l.password = {}; }),
              "spec.auth.spec.password: password cannot be empty");
    EXPECT_EQ(said_of<NtlmLogOn>("win", [](auto& l) { l.password.id = "1"; }).substr(0, 25),
              "spec.auth.spec.password: ");
    EXPECT_EQ(said_of<NtlmLogOn>("win", [](auto& l) { l.domain.clear(); }), "");
    EXPECT_NE(said_of<NtlmLogOn>("win", [](auto& l) { l.domain = "a\nb"; }), "");
    EXPECT_EQ(said_of<WinRmCredential>("win", [](auto& c) { c.port = 0; }),
              "spec.port: port is a number from 1 to 65535");
    EXPECT_EQ(said_of<WinRmCredential>("win",
                                       [](auto& c) {
                                           c.parameters = {{"", "x"}};
                                       }),
              "spec.parameters: parameter cannot be empty");
    EXPECT_EQ(said_of<WinRmCredential>("win",
                                       [](auto& c) {
                                           c.parameters.resize(65, {"a", "b"});
                                       }),
              "spec.parameters: there are more than 64 parameters");
}

TEST(Validate, KerberosCredentials) {
    EXPECT_EQ(said_of<KerberosLogOn>("machine", [](auto& l) { l.principal.clear(); }),
              "spec.auth.spec.principal: principal cannot be empty");
    EXPECT_EQ(said_of<KerberosLogOn>("machine", [](auto& l) { l.realm.clear(); }),
              "spec.auth.spec.realm: realm cannot be empty");
    EXPECT_EQ(said_of<KerberosLogOn>("machine", [](auto& l) { l.realm = "A@B"; }),
              "spec.auth.spec.realm: 'A@B' is no name of a realm");
    EXPECT_EQ(said_of<KerberosLogOn>("machine", [](auto& l) { l.principal = "svc@CORP.EXAMPLE"; }), "");
    EXPECT_EQ(said_of<KerberosLogOn>("machine", [](auto& l) { l.principal = "svc@OTHER"; }),
              "spec.auth.spec.principal: the principal svc@OTHER is of another realm than CORP.EXAMPLE");
    EXPECT_EQ(said_of<KerberosLogOn>("machine", [](auto& l) { l.kdcs = {"a b"}; }),
              "spec.auth.spec.kdcs: 'a b' is no HOST or HOST:PORT");
    EXPECT_EQ(said_of<KerberosLogOn>("machine", [](auto& l) { l.kdcs.resize(17, "dc"); }),
              "spec.auth.spec.kdcs: spec.auth.spec.kdcs has more than 16 items");
    EXPECT_NE(said_of<KerberosLogOn>("machine", [](auto& l) { l.reuse_within_a_run = true; }), "");
    EXPECT_EQ(
        said_of<KerberosLogOn>("keytab", [](auto& l) { l.ticket = KeytabFile{"svc.keytab"}; }),
        "spec.auth.spec.spec.keyPath: keyPath is the absolute path of a file on the machine that uses it");
    EXPECT_EQ(said_of<KerberosLogOn>("keytab", [](auto& l) { l.ticket = KeytabFile{}; }),
              "spec.auth.spec.spec.keyPath: keyPath cannot be empty");
    EXPECT_EQ(said_of<KerberosLogOn>("keytab", [](auto& l) { l.ticket = KeytabSecret{}; }),
              "spec.auth.spec.spec.keytab: keytab cannot be empty");
    EXPECT_EQ(said_of<KerberosLogOn>("password", [](auto& l) { l.ticket = TicketByPassword{}; }),
              "spec.auth.spec.spec.password: password cannot be empty");
}

// The words are Harness's (secrets.md 1.3).
TEST(Validate, AwsCredentialsInHarnesssWords) {
    using Kms = AwsKmsConnector;
    EXPECT_EQ(said_of<Kms>("keys", [](auto& k) { std::get<AwsKeys>(k.credential).access_key = {}; }),
              "spec.credential.spec.accessKey: Access key cannot be empty.");
    EXPECT_EQ(said_of<Kms>("keys", [](auto& k) { std::get<AwsKeys>(k.credential).secret_key = {}; }),
              "spec.credential.spec.secretKey: Secret key cannot be empty.");
    for (const auto* id : {"role", "sts"})
        EXPECT_EQ(said_of<Kms>(id, [](auto& k) { k.credential_selectors.clear(); }),
                  "spec.credential.spec.delegateSelectors: DelegateSelectors cannot be Empty.");
    EXPECT_EQ(said_of<Kms>("oidc", [](auto& k) { k.credential_selectors.clear(); }), "");
    EXPECT_EQ(said_of<Kms>("sts", [](auto& k) { std::get<AwsAssumedRole>(k.credential).role_arn.clear(); }),
              "spec.credential.spec.roleArn: Role Arn cannot be Empty.");
    EXPECT_EQ(said_of<Kms>("oidc", [](auto& k) { std::get<AwsOidc>(k.credential).role_arn.clear(); }),
              "spec.credential.spec.iamRoleArn: Role Arn cannot be Empty.");
    for (const auto* id : {"keys", "role", "sts", "oidc"}) {
        EXPECT_EQ(said_of<Kms>(id, [](auto& k) { k.key_arn = std::string(); }),
                  "spec.kmsArn: Key Arn cannot be empty");
        EXPECT_EQ(said_of<Kms>(id, [](auto& k) { k.key_arn = Reference(); }),
                  "spec.kmsArn: Key Arn cannot be empty");
    }
    for (const auto* id : {"role", "sts", "oidc"}) {
        EXPECT_EQ(said_of<Kms>(id, [](auto& k) { k.region.clear(); }), "spec.region: Region cannot be empty");
        EXPECT_EQ(said_of<Kms>(id,
                               [](auto& k) {
                                   k.region.clear();
                                   k.key_arn = Reference{{}, "arn"};
                               }),
                  "spec.region: Region cannot be empty");
    }
}

TEST(Validate, RegionAndPartitionAgreeWithTheKey) {
    using Kms = AwsKmsConnector;
    EXPECT_EQ(said_of<Kms>("keys", [](auto& k) { k.region.clear(); }), "");
    EXPECT_NE(said_of<Kms>("keys", [](auto& k) { k.region = "us-east-1"; }).find("spec.region: "),
              std::string::npos);
    EXPECT_EQ(said_of<Kms>("keys", [](auto& k) { k.region = "EU"; }), "spec.region: 'EU' is no region");
    EXPECT_NE(said_of<Kms>("keys",
                           [](auto& k) {
                               k.region.clear();
                               k.key_arn = std::string("alias/mine");
                           }),
              "");
    EXPECT_EQ(said_of<Kms>("keys", [](auto& k) { k.key_arn = std::string("alias/mine"); }), "");
    EXPECT_EQ(said_of<Kms>("keys", [](auto& k) { k.key_arn = std::string(key_id); }), "");
    EXPECT_NE(said_of<Kms>("keys", [](auto& k) { k.key_arn = std::string("alias/aws/ebs"); })
                  .find("spec.kmsArnInPlainText: "),
              std::string::npos);
    EXPECT_NE(said_of<Kms>("keys", [](auto& k) { k.key_arn = std::string("arn:aws:s3:::x"); }), "");
    const auto china = [](AwsKmsConnector& k) {
        k.key_arn = std::string("arn:aws-cn:kms:cn-north-1:111122223333:alias/x");
        k.region = "cn-north-1";
    };
    EXPECT_EQ(said_of<Kms>("keys", china), "");
    EXPECT_EQ(
        said_of<Kms>("sts", china),
        "spec.credential.spec: the role arn:aws:iam::111122223333:role/kms is of the partition aws, the "
        "key of aws-cn");
    EXPECT_EQ(said_of<Kms>("sts",
                           [](auto& k) {
                               k.key_arn = Reference{{}, "arn"};
                               k.region = "us-gov-west-1";
                           })
                  .substr(0, 22),
              "spec.credential.spec: ");
}

TEST(Validate, SessionsExternalIdsAndTokens) {
    using Kms = AwsKmsConnector;
    const auto sts = [](auto change) {
        return said_of<Kms>("sts", [&](auto& k) { change(std::get<AwsAssumedRole>(k.credential)); });
    };
    for (const std::uint32_t good : {900U, 3600U, 43200U})
        EXPECT_EQ(sts([&](auto& r) { r.seconds = good; }), "");
    for (const std::uint32_t bad : {0U, 899U, 43201U})
        EXPECT_EQ(
            sts([&](auto& r) { r.seconds = bad; }),
            "spec.credential.spec.assumeStsRoleDuration: assumeStsRoleDuration is from 900 to 43200 seconds");
    EXPECT_EQ(sts([](auto& r) { r.seconds.reset(); }), "");
    EXPECT_EQ(sts([](auto& r) { r.external_id = "a_+=,.@:/-Z9"; }), "");
    for (const auto& bad : {std::string("a"), std::string("a b"), std::string(1225, 'a')})
        EXPECT_NE(sts([&](auto& r) { r.external_id = bad; }).find("externalName"), std::string::npos);
    EXPECT_NE(sts([](auto& r) { r.role_arn = "arn:aws:iam::1:user/x"; }).find("roleArn: "),
              std::string::npos);

    const auto oidc = [](auto change) {
        return said_of<Kms>("oidc", [&](auto& k) { change(std::get<AwsOidc>(k.credential)); });
    };
    EXPECT_EQ(oidc([](auto& o) { o.token_file.clear(); }), "");
    EXPECT_NE(oidc([](auto& o) { o.token_command = {"/bin/x"}; }).find("one is wanted"), std::string::npos);
    EXPECT_NE(oidc([](auto& o) { o.token_file = "token"; }).find("absolute path"), std::string::npos);
    EXPECT_NE(oidc([](auto& o) {
                  o.token_file.clear();
                  o.token_command = {"token"};
              }).find("absolute path"),
              std::string::npos);
    EXPECT_NE(oidc([](auto& o) { o.through_platform = true; }).find("spec.executeOnDelegate"),
              std::string::npos);
}

TEST(Validate, EndpointsAreHttpsOrThisMachine) {
    using Kms = AwsKmsConnector;
    for (const auto* good : {"https://kms.example", "https://kms.example:8443", "http://127.0.0.1:5000"}) {
        EXPECT_EQ(said_of<Kms>("keys", [&](auto& k) { k.endpoint = good; }), "") << good;
        EXPECT_EQ(said_of<Kms>("keys", [&](auto& k) { k.sts_endpoint = good; }), "") << good;
    }
    for (const auto* bad : {"http://kms.example", "kms.example", "ftp://kms.example", "https://"}) {
        EXPECT_NE(said_of<Kms>("keys", [&](auto& k) { k.endpoint = bad; }), "") << bad;
        EXPECT_NE(said_of<Kms>("keys", [&](auto& k) { k.sts_endpoint = bad; }), "") << bad;
    }
}

TEST(Validate, Hosts) {
    using Pdc = PdcConnector;
    EXPECT_EQ(said_of<Pdc>("hosts", [](auto& p) { p.hosts[1].name = "web01"; }),
              "spec.hosts: the host web01 is given twice");
    EXPECT_EQ(said_of<Pdc>("hosts", [](auto& p) { p.hosts[1].name = "a b"; }),
              "spec.hosts: 'a b' is no HOST or HOST:PORT");
    EXPECT_EQ(said_of<Pdc>("hosts", [](auto& p) { p.hosts[1].name.clear(); }),
              "spec.hosts: hostname cannot be empty");
    EXPECT_EQ(said_of<Pdc>("hosts", [](auto& p) { p.hosts.resize(10'001); }),
              "spec.hosts: there are more than 10000 hosts");
    EXPECT_NE(said_of<Pdc>("hosts", [](auto& p) { p.hosts[0].attributes["a"] = "\n"; }), "");
    EXPECT_NE(said_of<Pdc>("hosts", [](auto& p) { p.credential = Reference(); }), "");
    EXPECT_NE(said_of<Pdc>("hosts", [](auto& p) { p.selectors = {""}; }), "");
}

TEST(Credential, ThePortFollowsSslUntilOneIsGiven) {
    WinRmCredential credential;
    EXPECT_EQ(port_of(credential), 5986);
    credential.use_ssl = false;
    EXPECT_EQ(port_of(credential), 5985);
    credential.port = 5985;
    EXPECT_FALSE(has_other_schemes_port(credential));
    credential.use_ssl = true;
    EXPECT_EQ(port_of(credential), 5985);
    EXPECT_TRUE(has_other_schemes_port(credential));
    credential.port = 5986;
    EXPECT_FALSE(has_other_schemes_port(credential));
    credential.use_ssl = false;
    EXPECT_TRUE(has_other_schemes_port(credential));
    credential.port = 443;
    EXPECT_FALSE(has_other_schemes_port(credential));
}

TEST(Credential, APrincipalHasItsRealmOnce) {
    EXPECT_EQ(principal_of({"svc", "CORP", {}, {}}), "svc@CORP");
    EXPECT_EQ(principal_of({"svc@CORP", "CORP", {}, {}}), "svc@CORP");
}

template <class Part, class Change>
std::string noted(std::string_view id, const Change& change) {
    auto entity = sample(id);
    change(std::get<Part>(entity.spec));
    std::string all;
    for (const auto& note : notes_of(entity)) all += note + "\n";
    return all;
}

TEST(Notes, TellWhatIsAllowedAndWorthKnowing) {
    for (const auto& entity : sample_entities()) EXPECT_TRUE(notes_of(entity).empty()) << entity.identity.id;
    EXPECT_EQ(noted<WinRmCredential>("win", [](auto& c) { c.skip_cert_check = true; }),
              "skipCertChecks is true: the host's certificate is not checked (noted at each use)\n");
    EXPECT_EQ(noted<WinRmCredential>("win",
                                     [](auto& c) {
                                         c.skip_cert_check = true;
                                         c.use_ssl = false;
                                     }),
              "");
    EXPECT_EQ(noted<WinRmCredential>("win", [](auto& c) { c.port = 5985; }),
              "port 5985 is the port without SSL by default, and useSSL is true\n");
    EXPECT_NE(
        noted<AwsKmsConnector>("sts", [](auto& k) { std::get<AwsAssumedRole>(k.credential).seconds = 3601; })
            .find("over 3600"),
        std::string::npos);
    EXPECT_NE(noted<AwsKmsConnector>("oidc",
                                     [](auto& k) {
                                         auto& oidc = std::get<AwsOidc>(k.credential);
                                         oidc.through_platform = true;
                                         oidc.token_file.clear();
                                     })
                  .find("names no token"),
              std::string::npos);
}

}  // namespace
}  // namespace mullion::secrets
