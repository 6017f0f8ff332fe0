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

TEST(Config, ReadsAllOfIt) {
    const auto read = read_config(whole, "/etc/mullion/exporter.yml");
    ASSERT_TRUE(read.ok()) << read.error().detail;
    ASSERT_EQ(read->listen.size(), 3U);
    EXPECT_EQ(read->listen[1].address, "*");
    EXPECT_EQ(read->listen[1].port, 9987);
    EXPECT_EQ(read->listen[2].address, "::1");
    EXPECT_EQ(read->certificate_file, "/etc/mullion/exporter.crt");
    EXPECT_EQ(read->key_file, "/keys/exporter.key");
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

}  // namespace
}  // namespace mullion::exporter
