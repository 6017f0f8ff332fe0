#include "prepare/host/plan_host.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace mullion::prepare {
namespace {

std::vector<std::string> ids(const Plan& plan) {
    std::vector<std::string> all;
    for (const auto& step : plan.steps) all.push_back(step.id);
    return all;
}

// A copy: callers pass plans that are gone after the expression.
Step step(const Plan& plan, std::string_view id) {
    const auto found =
        std::find_if(plan.steps.begin(), plan.steps.end(), [&](const Step& one) { return one.id == id; });
    if (found == plan.steps.end()) throw std::out_of_range(std::string(id));
    return *found;
}

std::string text_of(const Step& step, std::string_view name) {
    for (const auto& setting : step.with)
        if (setting.name == name) return std::get<std::string>(setting.value);
    return "(none)";
}

std::string refusal(const HostWords& words) {
    const auto plan = plan_host(words);
    return plan.ok() ? "" : plan.error().detail;
}

TEST(PlanHost, IsAnHttpsListenerByItself) {
    const auto plan = plan_host({});
    ASSERT_TRUE(plan.ok());
    EXPECT_EQ(ids(*plan),
              (std::vector<std::string>{"service", "certificate", "listener-https", "firewall-https"}));
    EXPECT_EQ(step(*plan, "certificate").kind, "CertificateSelfSigned");
    EXPECT_EQ(text_of(step(*plan, "listener-https"), "Port"), "5986");
    EXPECT_EQ(step(*plan, "listener-https").needs, (std::vector<std::string>{"service", "certificate"}));
    EXPECT_EQ(text_of(step(*plan, "firewall-https"), "From"), "*");
}

TEST(PlanHost, MakesWhatIsAskedFor) {
    HostWords words;
    words.transport = "both";
    words.certificate = "template:WinRM Cert";
    words.auth = "basic,no-ntlm,credssp,certificate";
    words.allow_from = "10.0.0.0/8";
    words.credssp_certificate = "listener";
    words.tls12 = true;
    words.settings = {"Winrs/MaxShellsPerUser=30", "Service/AllowUnencrypted=false"};
    words.remove_listeners = "all";
    const auto plan = plan_host(words);
    ASSERT_TRUE(plan.ok()) << plan.error().detail;
    EXPECT_EQ(ids(*plan),
              (std::vector<std::string>{"service", "listener-http", "certificate", "listener-https",
                                        "no-other-listeners", "firewall-http", "firewall-https", "auth-basic",
                                        "auth-negotiate", "auth-credssp", "auth-certificate",
                                        "credssp-certificate", "tls12-server-enabled", "tls12-server-default",
                                        "tls12-client-enabled", "tls12-client-default",
                                        "set-shell-maxshellsperuser", "set-service-allowunencrypted"}));
    EXPECT_EQ(step(*plan, "certificate").kind, "CertificateByTemplate");
    EXPECT_EQ(text_of(step(*plan, "auth-negotiate"), "Value"), "false");
    EXPECT_EQ(step(*plan, "auth-credssp").kind, "CredsspServer");
    // The document's key has a misprint: SecurityProvider.
    EXPECT_NE(text_of(step(*plan, "tls12-client-enabled"), "Path").find("\\SecurityProviders\\SCHANNEL\\"),
              std::string::npos);
}

TEST(PlanHost, HasStepsThatAreWellFormed) {
    HostWords words;
    words.transport = "both";
    words.auth = "basic,kerberos,negotiate,certificate,credssp";
    words.credssp_certificate = "listener";
    words.tls12 = true;
    words.settings = {"Winrs/MaxShellsPerUser=30"};
    words.remove_listeners = "all";
    const auto plan = plan_host(words).value();
    std::vector<std::string> before;
    for (const auto& one : plan.steps) {
        EXPECT_EQ(std::count(before.begin(), before.end(), one.id), 0) << one.id;
        for (const auto& need : one.needs)
            EXPECT_EQ(std::count(before.begin(), before.end(), need), 1) << one.id << " needs " << need;
        EXPECT_FALSE(one.cites.empty()) << one.id;
        EXPECT_FALSE(one.title.empty()) << one.id;
        before.push_back(one.id);
    }
}

TEST(PlanHost, RemovesListenersOnceOthersTakeTheirPlace) {
    HostWords words;
    words.transport = "none";
    words.remove_listeners = "https";
    auto plan = plan_host(words);
    ASSERT_TRUE(plan.ok());
    EXPECT_EQ(ids(*plan), (std::vector<std::string>{"service", "no-other-listeners"}));
    EXPECT_EQ(text_of(step(*plan, "no-other-listeners"), "Transport"), "HTTPS");
    words.transport = "https";
    words.remove_listeners = "all";
    plan = plan_host(words);
    EXPECT_EQ(step(*plan, "no-other-listeners").needs,
              (std::vector<std::string>{"service", "listener-https"}));
}

TEST(PlanHost, RefusesWhatWouldDoNothing) {
    HostWords words;
    words.transport = "http";
    words.certificate = "template:X";
    EXPECT_NE(refusal(words), "");
    words = {};
    words.transport = "both";
    words.port = "443";
    EXPECT_NE(refusal(words), "");
    words = {};
    words.no_firewall = true;
    words.allow_from = "10.0.0.0/8";
    EXPECT_NE(refusal(words), "");
    words = {};
    words.certificate = "template:X";
    words.days = "100";
    EXPECT_NE(refusal(words), "");
    words = {};
    words.transport = "http";
    words.credssp_certificate = "listener";
    EXPECT_NE(refusal(words), "");
}

TEST(PlanHost, RefusesWrongValues) {
    const auto with = [](auto member, const char* value) {
        HostWords words;
        words.*member = value;
        return refusal(words);
    };
    EXPECT_NE(with(&HostWords::transport, "ftp"), "");
    EXPECT_NE(with(&HostWords::certificate, "mine"), "");
    EXPECT_NE(with(&HostWords::certificate, "template:a'b"), "");
    EXPECT_NE(with(&HostWords::days, "30"), "");
    EXPECT_NE(with(&HostWords::days, "10x"), "");
    EXPECT_NE(with(&HostWords::auth, "basic,,ntlm"), "");
    EXPECT_NE(with(&HostWords::auth, "digest"), "");
    EXPECT_NE(with(&HostWords::auth, "basic,no-basic"), "");
    EXPECT_NE(with(&HostWords::auth, "ntlm,negotiate"), "");
    EXPECT_NE(with(&HostWords::remove_listeners, "ftp"), "");
    EXPECT_NE(with(&HostWords::profiles, "home"), "");
    EXPECT_NE(with(&HostWords::credssp_certificate, "none"), "");
    HostWords words;
    words.auth = "basic";
    words.settings = {"Service/Auth/Basic=false"};
    EXPECT_NE(refusal(words), "") << "set twice";
}

}  // namespace
}  // namespace mullion::prepare
