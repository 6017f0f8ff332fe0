// Warnings: all works, and nothing has failed.
#include <gtest/gtest.h>

#include <tuple>

#include "doctor/tests/played_host.h"

namespace mullion::doctor {
namespace {

using auth::Transport;

std::vector<ErrorId> warnings(const Subject& subject, PlayedHost& host) {
    const Findings findings(subject, host);
    EXPECT_EQ(findings.diagnosis().failure(), nullptr);
    std::vector<ErrorId> ids;
    for (const auto& finding : findings.all("safety")) {
        if (finding.state == State::warning) ids.push_back(finding.error->id);
    }
    return ids;
}

using Ids = std::vector<ErrorId>;

TEST(Safety, HasNothingToSayOfWhatIsSafe) {
    PlayedHost host;
    EXPECT_EQ(warnings(subject_with({Transport::ntlm}), host), Ids{});
}

TEST(Safety, WarnsOfAHostThatTakesMessagesInClear) {
    PlayedHost host;
    host.clear = true;
    EXPECT_EQ(warnings(subject_with({Transport::ntlm}), host), Ids{ErrorId::safety_unencrypted});
    PlayedHost again;
    again.clear = true;
    const Findings findings(subject_with({Transport::ntlm}), again);
    EXPECT_NE(
        text_of(findings["safety"]).find("Set-Item WSMan:\\localhost\\Service\\AllowUnencrypted $false"),
        std::string::npos);
}

TEST(Safety, WarnsOfBasicInClear) {
    PlayedHost host;
    host.who.sealed = false;
    auto subject = subject_with({Transport::basic});
    subject.target.allow_unencrypted = true;
    EXPECT_EQ(warnings(subject, host), (Ids{ErrorId::safety_basic, ErrorId::safety_unencrypted}));
    for (const auto& asked : host.asked) EXPECT_FALSE(asked.starts_with("clear")) << asked;
}

// Who spoke in clear and was answered knows it.
TEST(Safety, DoesNotAskWhatIsKnown) {
    PlayedHost host;
    host.who.sealed = false;
    EXPECT_EQ(warnings(subject_with({Transport::ntlm}), host), Ids{ErrorId::safety_unencrypted});
    for (const auto& asked : host.asked) EXPECT_FALSE(asked.starts_with("clear")) << asked;
}

TEST(Safety, WarnsOfACertificateThatIsNotChecked) {
    auto subject = subject_with({Transport::ntlm});
    subject.target.scheme = target::Scheme::https;
    for (const auto& [chain, name, says] : {std::tuple{false, false, "neither issuer nor name is checked"},
                                            {false, true, "its issuer is not checked"},
                                            {true, false, "its name is not checked"}}) {
        subject.target.cert_validation.chain = chain;
        subject.target.cert_validation.name = name;
        PlayedHost host;
        EXPECT_EQ(warnings(subject, host), Ids{ErrorId::safety_validation});
        PlayedHost again;
        const Findings findings(subject, again);
        for (const auto* part : {says, "--ca-file", "--cert-pin"})
            EXPECT_NE(text_of(findings["safety"]).find(part), std::string::npos) << part;
    }
    subject.target.cert_pin = "sha256:" + std::string(64, 'a');
    PlayedHost pinned;
    EXPECT_EQ(warnings(subject, pinned), Ids{});
}

std::vector<wsman::ConfigValue> settings(const char* unencrypted, const char* hardening) {
    return {{"MaxEnvelopeSizekb", "500", "", false},
            {"Service/AllowUnencrypted", unencrypted, "", false},
            {"Service/Auth/Negotiate", "true", "GPO", false},
            {"Service/Auth/CbtHardeningLevel", hardening, "", false}};
}

TEST(Safety, WarnsOfWhatTheConfigurationSays) {
    PlayedHost host;
    host.settings = settings("false", "None");
    const Findings findings(subject_with({Transport::ntlm}), host);
    EXPECT_EQ(findings["safety"].error->id, ErrorId::safety_binding);
    for (const auto* part : {"Relaxed", "Strict"})
        EXPECT_NE(text_of(findings["safety"]).find(part), std::string::npos) << part;
    PlayedHost open;
    open.settings = settings("true", "Relaxed");
    auto subject = subject_with({Transport::ntlm});
    subject.target.scheme = target::Scheme::https;
    EXPECT_EQ(warnings(subject, open), Ids{ErrorId::safety_unencrypted});
    // Seen over http, it is said once.
    PlayedHost seen;
    seen.clear = true;
    seen.settings = settings("true", "Strict");
    EXPECT_EQ(warnings(subject_with({Transport::ntlm}), seen), Ids{ErrorId::safety_unencrypted});
}

TEST(Config, IsToldWhereItMayBeReadAndElseSkipped) {
    PlayedHost host;
    host.settings = settings("false", "Relaxed");
    const Findings findings(subject_with({Transport::ntlm}), host);
    EXPECT_EQ(findings["config"].state, State::ok);
    for (const auto* part :
         {"Negotiate", "CbtHardeningLevel Relaxed", "MaxEnvelopeSizekb 500", "1 set by policy"})
        EXPECT_NE(findings["config"].seen.find(part), std::string::npos) << findings["config"].seen;
    EXPECT_EQ(findings["safety"].seen, "nothing unsafe was seen");
    for (const auto id : {ErrorId::wsman_access_denied, ErrorId::wsman_fault, ErrorId::net_closed}) {
        PlayedHost closed;
        closed.settings = Error(id, "why");
        const Findings without(subject_with({Transport::ntlm}), closed);
        EXPECT_EQ(without["config"].state, State::skipped);
        EXPECT_NE(without["config"].seen.find("why"), std::string::npos);
        EXPECT_EQ(without.diagnosis().failure(), nullptr);
        EXPECT_NE(without["safety"].seen.find("were not read"), std::string::npos);
    }
}

TEST(Safety, WarnsOfTheBuiltInAdministrator) {
    for (const auto* name : {"Administrator", "administrator@EXAMPLE.TEST", "WEB01\\Administrator"}) {
        PlayedHost host;
        auto subject = subject_with({Transport::ntlm});
        subject.user = name;
        EXPECT_EQ(warnings(subject, host), Ids{ErrorId::safety_administrator}) << name;
    }
    PlayedHost host;
    auto subject = subject_with({Transport::ntlm});
    subject.user = "administrators-friend";
    EXPECT_EQ(warnings(subject, host), Ids{});
}

}  // namespace
}  // namespace mullion::doctor
