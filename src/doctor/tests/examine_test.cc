// The plan: the order of checks, and what is left out because of what.
#include <gtest/gtest.h>

#include "doctor/tests/played_host.h"

namespace mullion::doctor {
namespace {

using auth::Transport;
using Lines = std::vector<std::string>;

TEST(Examine, MakesEveryCheckInTheOrderOfTheTable) {
    PlayedHost host;
    const Findings findings(subject_with({Transport::kerberos, Transport::ntlm}), host);
    EXPECT_EQ(findings.outline(),
              (Lines{"name ok", "reverse ok", "tcp ok", "tls skipped", "http ok", "schemes ok", "clock ok",
                     "kdc ok", "ticket ok", "logon kerberos ok", "logon ntlm ok", "shell ok", "cim skipped",
                     "quota skipped", "config ok", "safety ok"}));
    EXPECT_EQ(findings.diagnosis().failure(), nullptr);
    EXPECT_FALSE(findings.diagnosis().interrupted);
}

TEST(Examine, SkipsWhatIsBelowAFailureBecauseOfIt) {
    PlayedHost host;
    host.there = Error(ErrorId::net_refused, "connect to web01 port 5985: refused");
    const Findings findings(subject_with({Transport::kerberos, Transport::ntlm}), host);
    EXPECT_EQ(id_of(findings["tcp"]), "net.refused");
    for (const auto* below : {"tls", "http", "schemes", "clock", "kdc", "ticket", "logon kerberos",
                              "logon ntlm", "shell", "cim", "quota", "config", "safety"}) {
        EXPECT_EQ(findings[below].state, State::skipped) << below;
        EXPECT_EQ(findings[below].because, "tcp") << below;
        EXPECT_EQ(findings[below].seen, "because of tcp") << below;
    }
    ASSERT_NE(findings.diagnosis().failure(), nullptr);
    EXPECT_EQ(findings.diagnosis().failure()->id, ErrorId::net_refused);
    for (const auto& asked : host.asked) EXPECT_FALSE(asked.starts_with("log on")) << asked;
}

// Ctrl-C at any of the questions: nothing is asked after it, and nothing has failed.
TEST(Examine, StopsWhereItIsInterrupted) {
    const Error stop(ErrorId::run_interrupted, "");
    const auto subject = subject_with({Transport::kerberos, Transport::ntlm});
    const auto stopped = [&](auto spoil, const std::string& last) {
        PlayedHost host;
        spoil(host);
        const Findings findings(subject, host);
        EXPECT_TRUE(findings.diagnosis().interrupted) << last;
        EXPECT_EQ(findings.diagnosis().failure(), nullptr) << last;
        EXPECT_EQ(host.asked.back(), last);
        EXPECT_EQ(findings["safety"].seen, "interrupted") << last;
        EXPECT_EQ(findings.outline().size(), 16U) << last;
    };
    stopped([&](PlayedHost& host) { host.found = stop; }, "name");
    stopped([&](PlayedHost& host) { host.reverse = stop; }, "reverse");
    stopped([&](PlayedHost& host) { host.there = stop; }, "tcp");
    stopped([&](PlayedHost& host) { host.answer = stop; }, "http");
    stopped([&](PlayedHost& host) { host.kdc_answer = stop; }, "kdc");
    stopped([&](PlayedHost& host) { host.no_ticket = {{"HTTP", stop}}; }, "ticket HTTP");
    stopped([&](PlayedHost& host) { host.no_logon = {{Transport::kerberos, stop}}; }, "log on kerberos");
    stopped([&](PlayedHost& host) { host.runs = {stop}; }, "run kerberos echo mullion");
    stopped([&](PlayedHost& host) { host.clear = stop; }, "clear kerberos");
}

}  // namespace
}  // namespace mullion::doctor
