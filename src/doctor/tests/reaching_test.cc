// Names, ports, TLS, HTTP and schemes.
#include <gtest/gtest.h>

#include "doctor/tests/played_host.h"

namespace mullion::doctor {
namespace {

using auth::Transport;

Subject over_https() {
    auto subject = subject_with({Transport::ntlm});
    subject.target.scheme = target::Scheme::https;
    subject.target.port = 5986;
    return subject;
}

void expect_failure(const Findings& findings, const std::string& check, const std::string& id,
                    const std::vector<std::string>& named) {
    const auto& finding = findings[check];
    EXPECT_EQ(finding.state, State::failed) << check;
    EXPECT_EQ(id_of(finding), id);
    for (const auto& part : named)
        EXPECT_NE(text_of(finding).find(part), std::string::npos) << part << " in\n" << text_of(finding);
}

TEST(Name, ThatDoesNotResolve) {
    PlayedHost host;
    host.found = Error(ErrorId::net_name, "looking up web01.example.test: unknown");
    const Findings findings(subject_with({Transport::ntlm}), host);
    expect_failure(findings, "name", "net.name", {"getent ahosts web01.example.test"});
    EXPECT_EQ(host.asked, std::vector<std::string>{"name"});
}

TEST(Name, IsTheProxysToLookUp) {
    PlayedHost host;
    auto subject = subject_with({Transport::ntlm});
    subject.proxy = "proxy:3128";
    const Findings findings(subject, host);
    EXPECT_EQ(findings["name"].state, State::skipped);
    EXPECT_EQ(findings["reverse"].state, State::skipped);
    EXPECT_EQ(findings["tcp"].state, State::ok);
    EXPECT_EQ(host.asked.front(), "tcp");
}

TEST(Reverse, OfAnotherHostIsAWarningThatFailsNothing) {
    PlayedHost host;
    host.reverse = std::string("mail.example.test.");
    const Findings findings(subject_with({Transport::ntlm}), host);
    const auto& finding = findings["reverse"];
    EXPECT_EQ(finding.state, State::warning);
    EXPECT_EQ(finding.error->id, ErrorId::net_reverse);
    for (const auto* part :
         {"web01.example.test", "mail.example.test", "Mullion does not look at it", "rdns"})
        EXPECT_NE(text_of(finding).find(part), std::string::npos) << part;
    EXPECT_EQ(findings["tcp"].state, State::ok);
    EXPECT_EQ(findings.diagnosis().failure(), nullptr);
}

TEST(Reverse, OfAShortNameOrAnAddressOrNoneIsFine) {
    for (const auto* name : {"web01.example.test", "WEB01.Example.Test.", "web01", ""}) {
        PlayedHost host;
        host.reverse = std::string(name);
        EXPECT_EQ(Findings(subject_with({Transport::ntlm}), host)["reverse"].state, State::ok) << name;
    }
    PlayedHost silent;
    silent.reverse = Error(ErrorId::net_name, "no answer in time");
    EXPECT_EQ(Findings(subject_with({Transport::ntlm}), silent)["reverse"].state, State::ok);
    PlayedHost by_address;
    auto subject = subject_with({Transport::ntlm});
    subject.target.host = "10.0.0.1";
    EXPECT_EQ(Findings(subject, by_address)["reverse"].state, State::ok);
}

TEST(Tcp, ThatIsRefusedNamesTheServiceAndItsListeners) {
    PlayedHost host;
    host.there = Error(ErrorId::net_refused, "connect to web01.example.test port 5985: 10.0.0.1: refused");
    const Findings findings(subject_with({Transport::ntlm}), host);
    expect_failure(findings, "tcp", "net.refused",
                   {"Get-Service WinRM", "winrm enumerate winrm/config/listener", "nc -vz 10.0.0.1 5985"});
}

TEST(Tcp, SaysWhereTheOtherPortAnswers) {
    PlayedHost host;
    host.there = Error(ErrorId::net_refused, "refused");
    host.others = {{5986, "10.0.0.1"}};
    const Findings findings(subject_with({Transport::ntlm}), host);
    expect_failure(findings, "tcp", "net.refused",
                   {"port 5986 answers", "https://web01.example.test:5986/wsman"});
}

TEST(Tcp, ThatIsSilentNamesTheFirewall) {
    PlayedHost host;
    host.there = Error(ErrorId::net_timeout, "connect to web01.example.test port 5985: 10.0.0.1: no answer");
    const Findings findings(subject_with({Transport::ntlm}), host);
    expect_failure(findings, "tcp", "net.timeout", {"Get-NetFirewallRule", "5985", "10.0.0.1", "listener"});
}

TEST(Tcp, ThroughAProxyThatRefuses) {
    PlayedHost host;
    auto subject = subject_with({Transport::ntlm});
    subject.proxy = "proxy:3128";
    host.there = Error(ErrorId::net_proxy, "proxy proxy port 3128: CONNECT: 403 Forbidden");
    const Findings findings(subject, host);
    expect_failure(findings, "tcp", "net.proxy", {"proxy:3128", "5985 and 5986"});
}

TEST(Tls, OfAnUnknownAuthorityGivesThePinToCompare) {
    PlayedHost host;
    host.tls_answer = Error(ErrorId::tls_untrusted, "self-signed");
    const Findings findings(over_https(), host);
    expect_failure(findings, "tls", "tls.untrusted",
                   {"--ca-file", "--cert-pin sha256:" + std::string(64, 'b'), "CN=corp authority"});
    EXPECT_EQ(host.asked.back(), "tls unchecked");
}

TEST(Tls, ForAnotherNameGivesTheNames) {
    PlayedHost host;
    host.tls_answer = Error(ErrorId::tls_name, "asked for web01");
    expect_failure(Findings(over_https(), host), "tls", "tls.name",
                   {"other.example.test", "third.example.test", "--tls-server-name other.example.test"});
}

// The names are those of whoever answers.
TEST(Tls, ForAnotherNameGivesNoneThatTheShellWouldObeyOrThatIsAPattern) {
    PlayedHost host;
    host.tls_answer = Error(ErrorId::tls_name, "asked for web01");
    host.unchecked->certificate.names = {"$(reboot)",      "x;reboot", "-k",
                                         "*.example.test", "",         "plain.example.test"};
    expect_failure(Findings(over_https(), host), "tls", "tls.name",
                   {"--tls-server-name plain.example.test: only where you know"});
    host.unchecked->certificate.names = {"*.example.test"};
    const auto without = text_of(Findings(over_https(), host)["tls"]);
    EXPECT_EQ(without.find("--tls-server-name *"), std::string::npos) << without;
}

TEST(Tls, ThatHasExpiredGivesItsEnd) {
    PlayedHost host;
    host.tls_answer = Error(ErrorId::tls_expired, "expired");
    expect_failure(Findings(over_https(), host), "tls", "tls.expired", {"1970-01-01T00:00:00Z", "date -u"});
}

TEST(Tls, ThatIsRevokedGivesNumberAndList) {
    PlayedHost host;
    host.tls_answer = Error(ErrorId::tls_revoked, "revoked");
    auto subject = over_https();
    subject.target.crl_file = "/etc/corp.crl";
    expect_failure(Findings(subject, host), "tls", "tls.revoked", {"1000", "/etc/corp.crl"});
}

TEST(Tls, ThatIsNoneOrTooOld) {
    PlayedHost plain;
    plain.tls_answer = Error(ErrorId::tls_not_tls, "");
    expect_failure(Findings(over_https(), plain), "tls", "tls.not_tls",
                   {"http://web01.example.test:5986/wsman"});
    PlayedHost old;
    old.tls_answer = Error(ErrorId::tls_handshake, "");
    expect_failure(Findings(over_https(), old), "tls", "tls.handshake", {"1.2 and 1.3", "SCHANNEL"});
    EXPECT_EQ(old.asked.back(), "tls");
}

TEST(Http, OnAPortOfTlsIsFoundOutAlsoWhereItHangsUp) {
    PlayedHost host;
    host.answer = Error(ErrorId::net_closed, "before an answer");
    expect_failure(Findings(subject_with({Transport::ntlm}), host), "http", "http.tls_port",
                   {"https://web01.example.test:5985/wsman"});
    PlayedHost no_tls;
    no_tls.answer = Error(ErrorId::net_closed, "before an answer");
    no_tls.unchecked = Error(ErrorId::tls_not_tls, "");
    expect_failure(Findings(subject_with({Transport::ntlm}), no_tls), "http", "net.closed",
                   {"Get-Service WinRM"});
}

TEST(Http, ThatIsNotWinRm) {
    const auto with = [](ErrorId id) {
        HttpSeen seen;
        seen.refusal = Error(id, "");
        PlayedHost host;
        host.answer = seen;
        return Findings(subject_with({Transport::ntlm}), host);
    };
    expect_failure(with(ErrorId::http_not_found), "http", "http.not_found", {"--path", "URLPrefix"});
    expect_failure(with(ErrorId::http_not_winrm), "http", "http.not_winrm", {"5985", "5986"});
    expect_failure(with(ErrorId::http_busy), "http", "http.busy", {"Restart-Service WinRM", "--wait-for"});
}

TEST(Schemes, ThatAreNotOfferedNameTheSetting) {
    PlayedHost host;
    HttpSeen seen;
    seen.status = 401;
    seen.offered = {"Negotiate"};
    host.answer = seen;
    const Findings findings(subject_with({Transport::basic, Transport::credssp}), host);
    expect_failure(findings, "schemes", "auth.not_offered",
                   {"offers Negotiate", "Set-Item WSMan:\\localhost\\Service\\Auth\\Basic $true",
                    "Set-Item WSMan:\\localhost\\Service\\Auth\\CredSSP $true", "--transport ntlm"});
}

TEST(Schemes, OfWhichOneIsThereWillDo) {
    PlayedHost host;
    HttpSeen seen;
    seen.status = 401;
    seen.offered = {"Negotiate"};
    host.answer = seen;
    auto subject = subject_with({Transport::basic, Transport::ntlm});
    const Findings findings(subject, host);
    EXPECT_EQ(findings["schemes"].state, State::ok);
    EXPECT_EQ(findings["logon basic"].state, State::skipped);
    EXPECT_TRUE(findings["logon basic"].because.empty());
    EXPECT_EQ(findings["logon ntlm"].state, State::ok);
    // What is refused on this side is not looked for.
    subject.routes = {Route{Transport::basic, Error(ErrorId::auth_plaintext, "basic over http://")}};
    PlayedHost again;
    again.answer = seen;
    const Findings refused(subject, again);
    EXPECT_EQ(refused["schemes"].state, State::ok);
    EXPECT_EQ(id_of(refused["logon basic"]), "auth.plaintext");
}

}  // namespace
}  // namespace mullion::doctor
