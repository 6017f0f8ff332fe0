#include "secrets/tests/sample_entities.h"

#include <random>

#include "secrets/entities/references.h"

namespace mullion::secrets {
namespace {

const char* const key_arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

Entity named(std::string id, Spec spec) {
    Entity entity;
    entity.identity = {space_of(spec), {}, std::move(id)};
    entity.name = entity.identity.id;
    entity.spec = std::move(spec);
    return entity;
}

Reference of_account(std::string id) {
    return {Reference::Level::account, std::move(id)};
}

WinRmCredential with(std::variant<NtlmLogOn, KerberosLogOn> log_on) {
    WinRmCredential credential;
    credential.log_on = std::move(log_on);
    return credential;
}

AwsKmsConnector kms(std::variant<AwsKeys, AwsRoleOfTheMachine, AwsAssumedRole, AwsOidc> credential) {
    AwsKmsConnector connector;
    connector.credential = std::move(credential);
    if (!std::holds_alternative<AwsKeys>(connector.credential)) connector.credential_selectors = {"site-a"};
    connector.key_arn = std::string(key_arn);
    connector.region = "eu-central-1";
    return connector;
}

class Draw {
public:
    explicit Draw(std::uint32_t seed) : random_(seed) {}

    std::size_t below(std::size_t count) { return random_() % count; }
    bool coin() { return below(2) == 0; }
    std::string id() {
        static const char* const ids[] = {"a", "_b9", "kms_1", "Win$Prod", "x-y", "null_", "NULL", "True"};
        return ids[below(std::size(ids))];
    }
    Reference reference() {
        using Level = Reference::Level;
        static const Level levels[] = {Level::same, Level::org, Level::account};
        return {levels[below(3)], id()};
    }
    std::string text() {
        static const char* const texts[] = {
            "svc",   "null",      "~",         "true",   "12",         "0x1F",   "a: b",     "# not a note",
            "'",     "\"",        "\\",        "- item", " blank ",    "{a: b}", "[x]",      "&anchor",
            "*star", "CORP\\svc", "caf\u00e9", "\u65e5", "\U0001F600", "---",    "yes",      "!tag",
            "%x",    "@at",       "`",         "1e3",    "2026-01-01", "|",      "a\u00a0b", "=",
        };
        return texts[below(std::size(texts))];
    }
    std::map<std::string, std::string> pairs() {
        std::map<std::string, std::string> all;
        for (std::size_t count = below(4); count > 0; --count) all[text()] = coin() ? text() : "";
        return all;
    }
    std::vector<std::string> texts() {
        std::vector<std::string> all;
        for (std::size_t count = below(4); count > 0; --count) all.push_back(text());
        return all;
    }

private:
    std::mt19937 random_;
};

Spec credential(Draw& draw) {
    WinRmCredential one;
    one.use_ssl = draw.coin();
    one.skip_cert_check = draw.coin();
    one.no_profile = draw.coin();
    if (draw.coin()) one.port = static_cast<std::uint16_t>(1 + draw.below(65535));
    for (std::size_t count = draw.below(3); count > 0; --count)
        one.parameters.emplace_back(draw.text(), draw.text());
    if (draw.coin()) {
        one.log_on = NtlmLogOn{draw.coin() ? draw.text() : "", draw.text(), draw.reference()};
        return one;
    }
    KerberosLogOn log_on{"svc", "CORP.EXAMPLE", {}, {}};
    if (draw.coin()) log_on.kdcs = {"dc1.corp.example", "10.0.0.1:88", "[::1]:88"};
    switch (draw.below(4)) {
        case 0:
            log_on.ticket = KeytabFile{"/etc/" + draw.text()};
            break;
        case 1:
            log_on.ticket = KeytabSecret{draw.reference()};
            break;
        case 2:
            log_on.ticket = TicketByPassword{draw.reference()};
            break;
        default:
            break;
    }
    if (!std::holds_alternative<TicketOfTheMachine>(log_on.ticket)) log_on.reuse_within_a_run = draw.coin();
    one.log_on = std::move(log_on);
    return one;
}

Spec connector(Draw& draw) {
    AwsKmsConnector one = kms(AwsKeys{draw.reference(), draw.reference()});
    if (draw.coin()) one.key_arn = draw.reference();
    if (draw.coin()) one.region.clear();
    switch (draw.below(4)) {
        case 0:
            one = kms(AwsRoleOfTheMachine{});
            break;
        case 1: {
            AwsAssumedRole role{"arn:aws:iam::111122223333:role/x", draw.coin() ? "id:1" : "", {}};
            if (draw.coin()) role.seconds = 900;
            one = kms(std::move(role));
            break;
        }
        case 2: {
            AwsOidc oidc;
            oidc.role_arn = "arn:aws:iam::111122223333:role/x";
            if (draw.coin())
                oidc.token_file = "/run/token";
            else
                oidc.token_command = {"/bin/token", "--for", draw.text()};
            oidc.through_platform = draw.coin();
            one = kms(std::move(oidc));
            break;
        }
        default:
            break;
    }
    one.selectors = draw.texts();
    if (draw.coin()) one.endpoint = "https://vpce-1.kms.eu-central-1.vpce.amazonaws.com";
    if (draw.coin()) one.sts_endpoint = "http://127.0.0.1:5000";
    one.is_default = draw.coin();
    const auto* const oidc = std::get_if<AwsOidc>(&one.credential);
    one.execute_on_delegate = oidc != nullptr ? !oidc->through_platform : draw.coin();
    one.ignore_test_connection = draw.coin();
    return one;
}

Spec hosts(Draw& draw) {
    PdcConnector one;
    for (std::size_t count = draw.below(4); count > 0; --count)
        one.hosts.push_back({"web" + std::to_string(count), draw.pairs()});
    if (draw.coin()) one.credential = draw.reference();
    one.selectors = draw.texts();
    return one;
}

Spec any_spec(Draw& draw) {
    switch (draw.below(5)) {
        case 0:
            return TextSecret{draw.reference()};
        case 1:
            return FileSecret{draw.reference(), draw.coin() ? "svc.keytab" : ""};
        case 2:
            return credential(draw);
        case 3:
            return connector(draw);
        default:
            return hosts(draw);
    }
}

}  // namespace

std::vector<Entity> sample_entities() {
    KerberosLogOn kerberos{"svc", "CORP.EXAMPLE", {"dc1.corp.example"}, {}};
    std::vector<Entity> all;
    all.push_back(named("pw", TextSecret{{{}, builtin_manager_id}}));
    all.push_back(named("kt", FileSecret{of_account("kms"), "svc.keytab"}));
    all.push_back(named("win", with(NtlmLogOn{"corp.example", "svc", of_account("pw")})));
    all.push_back(named("machine", with(kerberos)));
    kerberos.ticket = KeytabFile{"/etc/krb5.keytab"};
    all.push_back(named("keytab", with(kerberos)));
    kerberos.ticket = KeytabSecret{of_account("kt")};
    kerberos.reuse_within_a_run = true;
    all.push_back(named("keytab_secret", with(kerberos)));
    kerberos.ticket = TicketByPassword{of_account("pw")};
    all.push_back(named("password", with(kerberos)));
    all.push_back(named("keys", kms(AwsKeys{of_account("ak"), of_account("sk")})));
    all.push_back(named("role", kms(AwsRoleOfTheMachine{})));
    all.push_back(named("sts", kms(AwsAssumedRole{"arn:aws:iam::111122223333:role/kms", "ext", 3600})));
    AwsOidc oidc;
    oidc.role_arn = "arn:aws:iam::111122223333:role/kms";
    oidc.token_file = "/run/secrets/token";
    all.push_back(named("oidc", kms(oidc)));
    PdcConnector pdc;
    pdc.hosts = {{"web01", {{"zone", "a"}}}, {"web02:5985", {}}};
    pdc.credential = of_account("win");
    all.push_back(named("hosts", pdc));
    auto& scoped = all.front();
    scoped.identity.scope = {"o", "p"};
    scoped.description = "two\nlines";
    scoped.tags = {{"team", "a"}, {"empty", ""}};
    return all;
}

Entity random_entity(std::uint32_t seed) {
    Draw draw(seed);
    Entity entity = named(draw.id(), any_spec(draw));
    entity.name = draw.coin() ? "A name 1.2-3" : "true";
    if (draw.coin()) entity.identity.scope.org = "org1";
    if (!entity.identity.scope.org.empty() && draw.coin()) entity.identity.scope.project = "p";
    entity.description = draw.coin() ? draw.text() + "\n\t" + draw.text() : "";
    entity.tags = draw.pairs();
    return entity;
}

}  // namespace mullion::secrets
