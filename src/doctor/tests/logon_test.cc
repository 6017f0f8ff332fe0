// Logging on, by each transport.
#include <gtest/gtest.h>

#include "doctor/tests/played_host.h"

namespace mullion::doctor {
namespace {

using auth::Transport;

Finding with_failure(Transport transport, ErrorId id, Subject subject) {
    PlayedHost host;
    host.no_logon = {{transport, Error(id, "")}};
    const Findings findings(subject, host);
    const auto name = "logon " + std::string(auth::to_string(transport));
    EXPECT_EQ(findings[name].state, State::failed);
    EXPECT_EQ(findings["shell"].because, name);
    return findings[name];
}

void expect_named(const Finding& finding, const std::vector<std::string>& named) {
    for (const auto& part : named)
        EXPECT_NE(text_of(finding).find(part), std::string::npos) << part << " in\n" << text_of(finding);
}

TEST(Logon, ThatIsRejectedNamesAccountAndEvent) {
    const auto finding =
        with_failure(Transport::ntlm, ErrorId::auth_rejected, subject_with({Transport::ntlm}));
    expect_named(finding, {"alice@EXAMPLE.TEST", "4625"});
    EXPECT_EQ(text_of(finding).find("s_client"), std::string::npos);
}

TEST(Logon, ThatIsRejectedInsideTlsMayBeTheBindings) {
    auto subject = subject_with({Transport::ntlm});
    subject.target.scheme = target::Scheme::https;
    const auto finding = with_failure(Transport::ntlm, ErrorId::auth_rejected, subject);
    expect_named(finding, {"CbtHardeningLevel", "channel binding", "proxy"});
}

// Linux users of `mullion serve --pam`.
TEST(Logon, ThatIsRejectedMayBeForBasicAlone) {
    const auto advised = [](Transport transport, std::vector<std::string> offered) {
        PlayedHost host;
        host.answer->offered = std::move(offered);
        host.no_logon = {{transport, Error(ErrorId::auth_rejected, "")}};
        const Findings findings(subject_with({transport}), host);
        const auto finding = findings["logon " + std::string(auth::to_string(transport))];
        expect_named(finding, {"journalctl -u mullion"});
        return text_of(finding).find("mullion serve --pam") != std::string::npos;
    };
    EXPECT_TRUE(advised(Transport::ntlm, {"Negotiate", "Basic"}));
    EXPECT_FALSE(advised(Transport::ntlm, {"Negotiate"}));
    EXPECT_FALSE(advised(Transport::basic, {"Negotiate", "Basic"}));
}

TEST(Logon, ThatIsRejectedIsTheLastOne) {
    PlayedHost host;
    host.no_logon = {{Transport::ntlm, Error(ErrorId::auth_rejected, "")}};
    const Findings findings(subject_with({Transport::ntlm, Transport::basic, Transport::credssp}), host);
    for (const auto* check : {"logon basic", "logon credssp"}) {
        EXPECT_EQ(findings[check].because, "logon ntlm") << check;
        EXPECT_NE(findings[check].seen.find("lock the account"), std::string::npos);
    }
    EXPECT_EQ(host.asked.back(), "log on ntlm");
}

// Nobody has seen the password then.
TEST(Logon, OfWhichNothingWasShownIsFollowedByTheNext) {
    for (const auto id : {ErrorId::auth_not_offered, ErrorId::kerberos_refused, ErrorId::net_closed}) {
        PlayedHost host;
        host.no_logon = {{Transport::kerberos, Error(id, "")}};
        const Findings findings(subject_with({Transport::kerberos, Transport::ntlm}), host);
        EXPECT_EQ(findings["logon kerberos"].state, State::failed);
        EXPECT_EQ(findings["logon ntlm"].state, State::ok);
        EXPECT_EQ(findings["shell"].state, State::ok);
        ASSERT_NE(findings.diagnosis().failure(), nullptr);
        EXPECT_EQ(findings.diagnosis().failure()->id, id);
    }
}

TEST(Logon, ThatIsRefusedHereSendsNothing) {
    struct Case {
        Transport transport;
        ErrorId id;
        std::vector<std::string> named;
    };
    const std::vector<Case> cases{
        {Transport::basic, ErrorId::auth_plaintext, {"https://", "ntlm", "--allow-unencrypted"}},
        {Transport::basic, ErrorId::auth_domain_account, {"kerberos", "ntlm", "negotiate", "credssp"}},
        {Transport::certificate, ErrorId::auth_domain_account, {"kerberos", "ntlm", "negotiate", "credssp"}},
        {Transport::kerberos, ErrorId::auth_local_account, {"ntlm", "basic, over https"}},
    };
    for (const auto& one : cases) {
        auto subject = subject_with({one.transport});
        subject.tickets = false;
        subject.routes.front().refusal = Error(one.id, "");
        PlayedHost host;
        const Findings findings(subject, host);
        const auto name = "logon " + std::string(auth::to_string(one.transport));
        EXPECT_EQ(findings["schemes"].state, State::ok);
        ASSERT_TRUE(findings[name].error) << name;
        EXPECT_EQ(findings[name].error->id, one.id);
        expect_named(findings[name], one.named);
        EXPECT_EQ(host.asked.back(), "http");
    }
}

TEST(Logon, FailuresOfEachKindSayWhatToDo) {
    const auto by = [](Transport transport, ErrorId id) {
        return with_failure(transport, id, subject_with({transport}));
    };
    expect_named(by(Transport::ntlm, ErrorId::auth_encryption_refused), {"--message-encryption auto"});
    expect_named(by(Transport::kerberos, ErrorId::kerberos_refused),
                 {"KRB_AP_ERR_MODIFIED", "setspn -X", "klist purge", "setspn -Q HTTP/web01.example.test"});
    expect_named(by(Transport::credssp, ErrorId::credssp_tls12), {"KB3080079", "--credssp-disable-tls12"});
    expect_named(by(Transport::credssp, ErrorId::credssp_public_key),
                 {"nothing was delegated", "traceroute"});
}

// Who is known and may nothing has logged on: the shell says what is missing.
TEST(Logon, OfWhomTheHostKnowsIsFine) {
    PlayedHost host;
    Error denied(ErrorId::wsman_access_denied, "Access is denied.");
    denied.wsman_code = 5;
    host.no_logon = {{Transport::ntlm, denied}};
    host.runs = {denied};
    const Findings findings(subject_with({Transport::ntlm}), host);
    EXPECT_EQ(findings["logon ntlm"].state, State::ok);
    EXPECT_EQ(id_of(findings["shell"]), "wsman.access_denied");
}

}  // namespace
}  // namespace mullion::doctor
