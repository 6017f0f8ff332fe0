// Clocks, KDCs and tickets.
#include <gtest/gtest.h>

#include <algorithm>

#include "doctor/tests/played_host.h"

namespace mullion::doctor {
namespace {

using auth::Transport;

const std::vector<Transport> both{Transport::kerberos, Transport::ntlm};

void expect_named(const Finding& finding, const std::vector<std::string>& named) {
    for (const auto& part : named)
        EXPECT_NE(text_of(finding).find(part), std::string::npos) << part << " in\n" << text_of(finding);
}

KdcSeen kdc_with_clock(int seconds) {
    KdcSeen seen;
    seen.realm = "EXAMPLE.TEST";
    seen.kdcs = {"kdc1:88"};
    seen.answered = "kdc1:88";
    seen.clock = std::chrono::seconds(seconds);
    return seen;
}

TEST(Clock, MayShowAnyYear) {
    using namespace std::chrono;
    const WallTime ours = sys_days(2026y / November / 21);
    EXPECT_EQ(clock_difference(sys_days(2026y / November / 21) + 600s, ours), 600s);
    EXPECT_EQ(clock_difference(sys_days(9999y / December / 31), ours), days(2'912'118));
    EXPECT_EQ(clock_difference(sys_days(1y / January / 1), ours), -days(739'940));
}

TEST(Clock, OffTheKdcsIsTheFailure) {
    for (const int off : {600, -600}) {
        PlayedHost host;
        host.kdc_answer = kdc_with_clock(off);
        const Findings findings(subject_with(both), host);
        EXPECT_EQ(id_of(findings["clock"]), "kerberos.clock");
        expect_named(findings["clock"], {"600 s", off > 0 ? "behind the KDC's" : "ahead of the KDC's",
                                         "chronyc tracking", "timedatectl"});
        EXPECT_EQ(findings["kdc"].because, "clock");
        EXPECT_EQ(findings["ticket"].because, "clock");
        EXPECT_EQ(findings["logon kerberos"].because, "clock");
        EXPECT_EQ(findings["logon ntlm"].state, State::ok);  // It asks no clock.
    }
}

TEST(Clock, MayBeFiveMinutesOff) {
    PlayedHost host;
    host.kdc_answer = kdc_with_clock(300);
    EXPECT_EQ(Findings(subject_with(both), host)["clock"].state, State::ok);
}

TEST(Clock, OfTheHostMattersForKerberosAlone) {
    HttpSeen seen;
    seen.status = 401;
    seen.offered = {"Negotiate", "Kerberos"};
    seen.clock = std::chrono::seconds(-7200);
    PlayedHost host;
    host.answer = seen;
    const Findings findings(subject_with(both), host);
    EXPECT_EQ(id_of(findings["clock"]), "kerberos.clock");
    expect_named(findings["clock"], {"7200 s ahead of the host's"});
    PlayedHost other;
    other.answer = seen;
    const Findings without(subject_with({Transport::ntlm}), other);
    EXPECT_EQ(without["clock"].state, State::ok);
    for (const auto& asked : other.asked) EXPECT_NE(asked, "kdc");
}

TEST(Kdc, IsAskedOnceForBothChecks) {
    PlayedHost host;
    const Findings findings(subject_with(both), host);
    EXPECT_EQ(std::count(host.asked.begin(), host.asked.end(), "kdc"), 1);
    expect_named(findings["kdc"], {"kdc1:88 answers for EXAMPLE.TEST"});
}

TEST(Kdc, ThatIsSilentIsNoMatterOfClocks) {
    PlayedHost host;
    host.kdc_answer = Error(ErrorId::kerberos_silent, "the realm EXAMPLE.TEST: kdc1:88: no answer");
    auto subject = subject_with(both);
    subject.target.kerberos.kdcs = {"kdc1:88"};
    const Findings findings(subject, host);
    EXPECT_EQ(findings["clock"].state, State::ok);  // As far as the host's goes.
    EXPECT_EQ(id_of(findings["kdc"]), "kerberos.silent");
    expect_named(findings["kdc"], {"kdc1:88: no answer", "nc -vz kdc1 88", "--kdc", "port 88"});
    EXPECT_EQ(findings["ticket"].because, "kdc");
    for (const auto& asked : host.asked) EXPECT_FALSE(asked.starts_with("ticket")) << asked;
}

TEST(Kdc, OfARealmInSmallLettersIsTheCapitalsFault) {
    PlayedHost host;
    host.kdc_answer = Error(ErrorId::kerberos_no_kdc, "of the realm example.test: DNS has none");
    auto subject = subject_with(both);
    subject.user = "alice@example.test";
    subject.realm = "example.test";
    const Findings findings(subject, host);
    EXPECT_EQ(id_of(findings["kdc"]), "kerberos.no_kdc");
    expect_named(findings["kdc"],
                 {"alice@EXAMPLE.TEST", "_kerberos._tcp.example.test", "/etc/krb5.conf", "--kdc"});
}

TEST(Kdc, IsNotAskedWhereNobodyWantsATicket) {
    PlayedHost host;
    const Findings findings(subject_with({Transport::ntlm}), host);
    for (const auto* check : {"kdc", "ticket"}) {
        EXPECT_EQ(findings[check].state, State::skipped);
        EXPECT_TRUE(findings[check].because.empty());
    }
    for (const auto& asked : host.asked) EXPECT_NE(asked, "kdc");
}

TEST(Ticket, OfOneNameIsEnough) {
    PlayedHost host;
    host.no_ticket = {{"HTTP", Error(ErrorId::kerberos_unknown_service, "HTTP")},
                      {"WSMAN", Error(ErrorId::kerberos_unknown_service, "WSMAN")}};
    const Findings findings(subject_with(both), host);
    EXPECT_EQ(findings["ticket"].state, State::ok);
    expect_named(findings["ticket"],
                 {"none for HTTP/web01.example.test", "host/web01.example.test@EXAMPLE.TEST",
                  "none for WSMAN/web01.example.test"});
}

PlayedHost without_names() {
    PlayedHost host;
    for (const auto* service : {"HTTP", "host", "WSMAN"})
        host.no_ticket[service] = Error(ErrorId::kerberos_unknown_service, "a ticket for it");
    return host;
}

TEST(Ticket, ForAShortNameThatTheKdcDoesNotKnow) {
    auto host = without_names();
    auto subject = subject_with(both);
    subject.target.host = "web01";
    const Findings findings(subject, host);
    EXPECT_EQ(id_of(findings["ticket"]), "kerberos.unknown_service");
    expect_named(findings["ticket"],
                 {"--kerberos-hostname web01.example.test", "setspn -Q HTTP/web01", "HTTP, host, WSMAN"});
    EXPECT_EQ(findings["logon kerberos"].because, "ticket");
    EXPECT_EQ(findings["logon ntlm"].state, State::ok);
}

TEST(Ticket, ForAnAddress) {
    auto host = without_names();
    auto subject = subject_with(both);
    subject.target.host = "10.0.0.1";
    const Findings findings(subject, host);
    EXPECT_EQ(findings["ticket"].error->id, ErrorId::kerberos_ip_address);
    expect_named(findings["ticket"], {"--kerberos-hostname", "web01.example.test"});
}

// The same password is wrong for whoever is asked next, and each try counts.
TEST(Ticket, ThatThePasswordDoesNotGetEndsAllTriesOfIt) {
    PlayedHost host;
    host.no_ticket = {{"HTTP", Error(ErrorId::kerberos_rejected, "a ticket for alice@EXAMPLE.TEST")}};
    const Findings findings(
        subject_with({Transport::kerberos, Transport::negotiate, Transport::ntlm, Transport::basic}), host);
    EXPECT_EQ(id_of(findings["ticket"]), "kerberos.rejected");
    expect_named(findings["ticket"], {"alice@EXAMPLE.TEST", "the host was not asked", "kpasswd", "kinit"});
    for (const auto* check : {"logon kerberos", "logon negotiate", "logon ntlm", "logon basic", "shell"})
        EXPECT_EQ(findings[check].because, "ticket") << check;
    EXPECT_EQ(host.asked.back(), "ticket HTTP");
}

TEST(Ticket, OfTheOperatorsThatIsNotThere) {
    PlayedHost host;
    host.no_ticket = {{"HTTP", Error(ErrorId::kerberos_no_ticket, "the default cache: No such file")}};
    auto subject = subject_with({Transport::kerberos});
    subject.target.kerberos.cache = "FILE:/tmp/mine";
    const Findings findings(subject, host);
    EXPECT_EQ(id_of(findings["ticket"]), "kerberos.no_ticket");
    expect_named(findings["ticket"], {"kinit -c FILE:/tmp/mine alice@EXAMPLE.TEST", "kinit -R", "klist"});
}

TEST(Ticket, ByAProgramThatIsNotThere) {
    PlayedHost host;
    host.no_ticket = {{"HTTP", Error(ErrorId::kerberos_kinit, "/opt/kinit: No such file or directory")}};
    auto subject = subject_with(both);
    subject.target.kerberos.kinit_command = "/opt/kinit";
    const Findings findings(subject, host);
    EXPECT_EQ(id_of(findings["ticket"]), "kerberos.kinit");
    expect_named(findings["ticket"], {"ls -l /opt/kinit", "krb5-user", "--kinit-cmd"});
    EXPECT_EQ(findings["logon ntlm"].because, "ticket");
}

TEST(Negotiate, GoesOnWithNtlmWhereTheTicketIsMissing) {
    PlayedHost host;
    host.kdc_answer = Error(ErrorId::kerberos_silent, "no answer");
    EXPECT_EQ(Findings(subject_with({Transport::negotiate}), host)["logon negotiate"].state, State::ok);
    PlayedHost other;
    other.kdc_answer = Error(ErrorId::kerberos_silent, "no answer");
    auto subject = subject_with({Transport::negotiate});
    subject.target.kerberos.delegation = true;
    EXPECT_EQ(Findings(subject, other)["logon negotiate"].because, "kdc");
}

}  // namespace
}  // namespace mullion::doctor
