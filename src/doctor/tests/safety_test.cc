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
