#include "exporter/config.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "exporter/probe_request.h"

namespace mullion::exporter {
namespace {

const std::string whole = R"(version: 1
listen: ['127.0.0.1:9986', ':9987', '[::1]:0']
web:
  tls_server_config: {cert_file: exporter.crt, key_file: /keys/exporter.key}
  basic_auth_users: {prometheus: $2y$04$abcdefghijklmnopqrstuukWVPh09ZD8iOGHfzdmcO2EjLYdiyhOW}
targets:
  allow: [web*.example.com, 10.1.0.0/16]
auths:
  default:
    user: svc@EXAMPLE.COM
    password_file: password
    transport: [kerberos, ntlm]
    ca_file: ca.pem
    allow_unencrypted: false
    send_cbt: no
  pinned: {user: monitor, password_file: /etc/pw, scheme: https, cert_pin: 'sha256:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'}
modules:
  default:
  services:
    collectors: [service]
    services: {include: 'W3SVC|Spooler', exclude: 'Spool.*'}
    timeout: 5
discovery: {inventory: [hosts.yml, /etc/more], vault_password_file: vault, hosts: 'web*', labels: {site: site, __param_module: mod}}
limits: {connections: 10, probes: 20, sessions: 30, idle: 40}
)";

std::string refusal(const std::string& text) {
    const auto read = read_config(text, "/etc/mullion/exporter.yml");
    return read.ok() ? "" : read.error().detail;
}
// The smallest that is right, with something in the place of `auths` or behind it.
std::string with(const std::string& more, const std::string& auth = "{user: a, password_file: b}") {
    return "version: 1\ntargets: {allow: '*'}\nauths: {default: " + auth + "}\n" + more;
}

TEST(Config, UsersOfTheEndpoint) {
    const auto user = [](const std::string& hash) {
        return refusal(with("web: {basic_auth_users: {p: '" + hash + "'}}"));
    };
    const std::string rest = "abcdefghijklmnopqrstuukWVPh09ZD8iOGHfzdmcO2EjLYdiyhOW";
    EXPECT_EQ(user("$2y$10$" + rest), "");
    EXPECT_EQ(user("$argon2id$v=19$m=65536,t=2,p=1$kCTTn2UvFZ+FdvTJAH3NoQ$DxTN5ArI/+rGyrv0Wxv/poqoKRZRYR/"
                   "BWyjh2pxbHwY"),
              "");
    EXPECT_NE(user("$2y$15$" + rest).find("a cost over 14 takes seconds"), std::string::npos);
    for (const std::string wrong : {"plain", "$apr1$x$y", "$2y$10$short"})
        EXPECT_NE(user(wrong).find("that is no bcrypt hash"), std::string::npos) << wrong;
    EXPECT_NE(refusal(with("web: {basic_auth_users: {}}")).find("has nobody"), std::string::npos);
    EXPECT_NE(refusal(with("web: {basic_auth_users: {'a:b': x}}")).find("has a colon"), std::string::npos);
}

TEST(Config, DiscoveriesNameNoSecrets) {
    const auto labels = [](const std::string& text) {
        return refusal(with("discovery: {inventory: a, labels: {" + text + "}}"));
    };
    EXPECT_EQ(labels("site: site"), "");
    for (const std::string name :
         {"ansible_password", "ansible_winrm_pass", "API_TOKEN", "db_secret", "ssh_key"})
        EXPECT_NE(labels("site: " + name).find("holds a secret, by its name"), std::string::npos) << name;
    EXPECT_NE(labels("a-b: c").find("a label is letters"), std::string::npos);
    EXPECT_NE(labels("__address__: c").find("it is set already"), std::string::npos);
    EXPECT_NE(refusal(with("discovery: {hosts: all}")).find("discovery takes inventory"), std::string::npos);
}

TEST(Config, ReadsAllOfIt) {
    const auto read = read_config(whole, "/etc/mullion/exporter.yml");
    ASSERT_TRUE(read.ok()) << read.error().detail;
    ASSERT_EQ(read->listen.size(), 3U);
    EXPECT_EQ(read->listen[1].address, "*");
    EXPECT_EQ(read->listen[1].port, 9987);
    EXPECT_EQ(read->listen[2].address, "::1");
    EXPECT_EQ(read->certificate_file, "/etc/mullion/exporter.crt");
    EXPECT_EQ(read->key_file, "/keys/exporter.key");
    EXPECT_EQ(read->web_users.at("prometheus").substr(0, 7), "$2y$04$");
    ASSERT_TRUE(read->discovery);
    EXPECT_EQ(read->discovery->inventory, (std::vector<std::string>{"/etc/mullion/hosts.yml", "/etc/more"}));
    EXPECT_EQ(read->discovery->vault_password_files, std::vector<std::string>{"/etc/mullion/vault"});
    EXPECT_EQ(read->discovery->hosts, "web*");
    EXPECT_EQ(read->discovery->labels.at("__param_module"), "mod");
    const auto& auth = read->auths.at("default");
    EXPECT_EQ(auth.options.user, "svc@EXAMPLE.COM");
    EXPECT_EQ(auth.password_file, "/etc/mullion/password");
    EXPECT_EQ(auth.options.ca_file, "/etc/mullion/ca.pem");
    EXPECT_EQ(auth.options.transports, (std::vector<std::string>{"kerberos", "ntlm"}));
    EXPECT_FALSE(auth.options.allow_unencrypted);
    EXPECT_FALSE(auth.options.send_cbt);
    EXPECT_EQ(read->modules.at("default").collectors, default_collectors());
    EXPECT_EQ(read->modules.at("services").timeout, Duration(5'000));
    EXPECT_TRUE(read->modules.at("services").filters.services.shows("W3SVC"));
    EXPECT_FALSE(read->modules.at("services").filters.services.shows("Spooler"));
    EXPECT_EQ(read->limits.probes, 20U);
    EXPECT_EQ(read->limits.idle, Duration(40'000));
}

TEST(Config, TheSmallestHasDefaults) {
    const auto read = read_config(with(""), "x.yml");
    ASSERT_TRUE(read.ok()) << read.error().detail;
    EXPECT_EQ(read->listen.front().address, "127.0.0.1");
    EXPECT_EQ(read->listen.front().port, default_port);
    EXPECT_EQ(read->modules.at("default").collectors.size(), 8U);
    EXPECT_EQ(read->auths.at("default").password_file, "b");
}

TEST(Config, FaultsHaveTheirLine) {
    EXPECT_EQ(
        refusal(with("modulse: {}\n")),
        "/etc/mullion/exporter.yml:4: modulse is not a key of the configuration; did you mean modules?");
    EXPECT_EQ(
        refusal(with("", "{user: a, pasword_file: b}")),
        "/etc/mullion/exporter.yml:3: pasword_file is not a key of an auth; did you mean password_file?");
    EXPECT_NE(refusal(with("modules: {m: {collectors: [cpus]}}\n"))
                  .find("4: cpus is no collector; there are cpu, "),
              std::string::npos);
    EXPECT_NE(refusal(with("modules: {m: {services: {include: '('}}}\n")).find("no regular expression"),
              std::string::npos);
    EXPECT_NE(refusal(with("limits: {probes: 0}\n")).find("4: probes is a number from 1 to"),
              std::string::npos);
    EXPECT_NE(refusal(with("listen: 'a:b'\n")).find("is not ADDRESS:PORT"), std::string::npos);
    EXPECT_NE(refusal(with("listen: ''\n")).find("4: listen: an address is empty"), std::string::npos);
    EXPECT_NE(refusal(with("listen: ['127.0.0.1:1', '']\n")).find("an address is empty"), std::string::npos);
    EXPECT_NE(refusal(with("modules: {m: {collectors: []}}\n")).find("collectors has none"),
              std::string::npos);
    EXPECT_NE(refusal(with("modules: {'a,b': {}}\n")).find("has a comma"), std::string::npos);
    EXPECT_NE(refusal(with("web: {tls_server_config: {cert_file: a}}\n")).find("both"), std::string::npos);
    EXPECT_NE(refusal(with("version: 2\n")).find("twice"), std::string::npos);
}

TEST(Config, NobodyIsAskedWithoutAListAndNoPasswordIsForgotten) {
    EXPECT_NE(refusal("version: 1\nauths: {default: {user: a, password_file: b}}\n")
                  .find("targets: allow: is missing"),
              std::string::npos);
    EXPECT_NE(refusal("version: 1\ntargets: {allow: '*'}\n").find("auths is missing"), std::string::npos);
    EXPECT_NE(refusal("targets: {allow: '*'}\n").find("version: 1 is missing"), std::string::npos);
    EXPECT_NE(refusal(with("", "{user: a}")).find("password_file is missing"), std::string::npos);
    const std::string clear = "user: a, password_file: b, transport: basic, scheme: http";
    EXPECT_NE(refusal(with("", "{" + clear + "}")).find("3: default: basic over http shows the password"),
              std::string::npos);
    EXPECT_EQ(refusal(with("", "{" + clear + ", allow_unencrypted: true}")), "");
    EXPECT_EQ(refusal(with("", "{user: a, password_file: b, transport: [basic, ntlm], scheme: http}")), "");
    EXPECT_NE(refusal(with("", "{user: a, password_file: b, transport: telepathy}")).find("transport"),
              std::string::npos);
    EXPECT_NE(
        refusal(with("", "{user: a, password_file: b, allow_unencrypted: maybe}")).find("true or false"),
        std::string::npos);
}

TEST(Config, EveryTruncationIsAnErrorOrAPrefix) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto read = read_config(whole.substr(0, size), "x.yml");
        if (!read.ok()) {
            EXPECT_EQ(read.error().id, ErrorId::config_invalid) << size;
        }
    }
}

const Config& config() {
    static const Config read = read_config(whole, "x.yml").value();
    return read;
}
std::string why(std::string_view query, const http::Headers& headers = {}) {
    const auto read = read_probe(config(), query, headers);
    const auto* refusal = std::get_if<Refusal>(&read);
    return refusal == nullptr ? "" : std::to_string(refusal->status) + ' ' + refusal->why;
}
ProbeRequest probe_of(std::string_view query, const std::string& timeout = {}) {
    http::Headers headers;
    if (!timeout.empty()) headers.add("X-Prometheus-Scrape-Timeout-Seconds", timeout);
    return std::get<ProbeRequest>(read_probe(config(), query, headers));
}

TEST(ProbeRequest, ReadsTheQuery) {
    const auto probe =
        probe_of("target=web01.example.com%3A5986&auth=pinned&module=default,services&debug=true");
    EXPECT_EQ(probe.target.text(), "web01.example.com:5986");
    EXPECT_EQ(probe.auth, &config().auths.at("pinned"));
    EXPECT_EQ(probe.modules.size(), 2U);
    EXPECT_TRUE(probe.debug);
    EXPECT_EQ(probe_of("target=10.1.2.3").auth_name, "default");
    EXPECT_EQ(probe_of("target=10.1.2.3&module=default&module=services").modules.size(), 2U);
}

TEST(ProbeRequest, RefusesWhatIsWrongWith400AndWhatIsNotAllowedWith403) {
    EXPECT_EQ(why(""), "400 target is missing");
    EXPECT_EQ(why("target="), "400 target is missing");
    EXPECT_EQ(why("target=a&target=b"), "400 target is given twice");
    EXPECT_EQ(why("target=web01.example.com&auth=x"), "400 unknown auth x");
    EXPECT_EQ(why("target=web01.example.com&module=default,x"), "400 unknown module x");
    EXPECT_EQ(why("target=web01.example.com&module="), "400 unknown module ");
    EXPECT_EQ(why("target=web01.example.com&password=x"),
              "400 unknown parameter password: target, auth, module, debug");
    EXPECT_EQ(why("target=%zz"), "400 the query cannot be read");
    EXPECT_EQ(why("target=https://web01.example.com"),
              "400 target is HOST or HOST:PORT, without scheme, user or path");
    EXPECT_EQ(why("target=db01.example.com"),
              "403 this target is not among targets: allow: of the configuration");
    EXPECT_EQ(why("target=web01.example.com:22"),
              "403 this target is not among targets: allow: of the configuration");
    http::Headers headers;
    headers.add("X-Prometheus-Scrape-Timeout-Seconds", "soon");
    EXPECT_EQ(why("target=10.1.2.3", headers),
              "400 X-Prometheus-Scrape-Timeout-Seconds is no number of seconds");
}

TEST(ProbeRequest, TheAnswerIsThereBeforePrometheusGivesUp) {
    EXPECT_EQ(probe_of("target=10.1.2.3").limit, Duration(120'000));
    EXPECT_EQ(probe_of("target=10.1.2.3", "10").limit, Duration(9'500));
    EXPECT_EQ(probe_of("target=10.1.2.3", "0.4").limit, Duration(400));
    EXPECT_EQ(probe_of("target=10.1.2.3&module=services", "10").limit, Duration(5'000));
    EXPECT_EQ(probe_of("target=10.1.2.3&module=services", "3").limit, Duration(2'500));
}

TEST(ProbeRequest, EveryTruncationIsAnotherQueryOrNone) {
    const std::string query =
        "target=web01.example.com%3A5986&auth=pinned&module=default,services&debug=true";
    for (std::size_t size = 0; size < query.size(); ++size) {
        const auto read = read_probe(config(), query.substr(0, size), {});
        const auto* refusal = std::get_if<Refusal>(&read);
        if (refusal != nullptr) {
            EXPECT_TRUE(refusal->status == 400 || refusal->status == 403) << size;
        }
    }
    EXPECT_FALSE(parse_query(std::string(9'000, 'a')));
    std::string many;
    for (int at = 0; at < 40; ++at) many += "a=1&";
    EXPECT_FALSE(parse_query(many));
}

TEST(Config, AuthsReferToTheSecretStore) {
    const auto read = read_config(
        "version: 1\ntargets: {allow: [h]}\nsecrets: {store: secrets.db, passphrase_file: /pw, scope: "
        "'org:o', "
        "delegate_name: d, delegate_tags: [a, b]}\nauths:\n  whole: {credential: org.win, port: 8985, "
        "transport: "
        "negotiate, ca_file: ca.pem}\n  word: {user: me, transport: ntlm, password: "
        "'<+secrets.getValue(\"account.pw\")>'}\n",
        "/etc/mullion/exporter.yml");
    ASSERT_TRUE(read.ok()) << read.error().detail;
    EXPECT_EQ(read->store.file, "/etc/mullion/secrets.db");
    EXPECT_EQ(read->store.passphrase_file, "/pw");
    EXPECT_EQ(read->store.scope, "org:o");
    EXPECT_EQ(read->store.delegate_name, "d");
    EXPECT_EQ(read->store.delegate_tags, (std::vector<std::string>{"a", "b"}));
    const auto& whole = read->auths.at("whole");
    EXPECT_TRUE(whole.is_stored());
    EXPECT_EQ(whole.credential, "org.win");
    EXPECT_EQ(whole.options.port, 8985);
    EXPECT_EQ(whole.options.transports, std::vector<std::string>{"negotiate"});
    EXPECT_EQ(read->auths.at("word").password, "<+secrets.getValue(\"account.pw\")>");
}

TEST(Config, BesideACredentialIsNothingThatItDecides) {
    for (const char* beside : {"user: a", "scheme: http", "realm: R", "keytab: k", "cert_validation: ignore",
                               "password_file: p", "password: '<+secrets.getValue(\"a\")>'"}) {
        const auto said = refusal(with("", std::string("{credential: account.win, ") + beside + "}"));
        EXPECT_NE(said.find("cannot stand beside a credential"), std::string::npos) << beside << ": " << said;
    }
    EXPECT_NE(
        refusal(with("", "{user: a, password: hunter2}")).find("an expression of the secret store alone"),
        std::string::npos);
    EXPECT_EQ(refusal(with("", "{user: a, password: hunter2}")).find("hunter2"), std::string::npos);
    EXPECT_NE(refusal(with("", "{user: a, password_file: b, password: '<+secrets.getValue(\"a\")>'}"))
                  .find("name one"),
              std::string::npos);
    EXPECT_NE(refusal(with("secrets: {file: x}\n")).find("file is not a key of secrets"), std::string::npos);
}

}  // namespace
}  // namespace mullion::exporter
