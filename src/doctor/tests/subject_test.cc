#include "doctor/subject.h"

#include <gtest/gtest.h>

namespace mullion::doctor {
namespace {

target::Target target_with(const std::string& url, const std::vector<std::string>& transports) {
    target::Target options;
    options.transports = transports;
    return target::parse_target(url, options).value();
}

Result<Subject> subject_of(const target::Target& target, const std::string& user) {
    return make_subject(target, auth::Credential{user, Secret("secret")});
}

TEST(Subject, KnowsWhichTransportsMayNotBeTried) {
    const auto subject =
        subject_of(target_with("http://web01", {"kerberos", "basic", "ntlm"}), "alice@EXAMPLE.TEST");
    ASSERT_TRUE(subject.ok());
    ASSERT_EQ(subject->routes.size(), 3U);
    EXPECT_FALSE(subject->routes[0].refusal);
    ASSERT_TRUE(subject->routes[1].refusal);
    EXPECT_EQ(subject->routes[1].refusal->id, ErrorId::auth_domain_account);
    EXPECT_FALSE(subject->routes[2].refusal);
    EXPECT_TRUE(subject->tickets);
    EXPECT_TRUE(subject->has_password);
    EXPECT_EQ(subject->principal(), "alice@EXAMPLE.TEST");
    EXPECT_EQ(subject->kerberos_host(), "web01");
    EXPECT_EQ(subject->services, (std::vector<std::string>{"HTTP", "host", "WSMAN"}));
}

TEST(Subject, OfALocalUserWantsNoTicket) {
    const auto kerberos = subject_of(target_with("http://web01", {"kerberos"}), "alice");
    ASSERT_TRUE(kerberos.ok());
    EXPECT_FALSE(kerberos->tickets);
    ASSERT_TRUE(kerberos->routes[0].refusal);
    EXPECT_EQ(kerberos->routes[0].refusal->id, ErrorId::auth_local_account);
    const auto negotiate = subject_of(target_with("http://web01", {"negotiate"}), "alice");
    ASSERT_TRUE(negotiate.ok());
    EXPECT_FALSE(negotiate->tickets);
    EXPECT_FALSE(negotiate->routes[0].refusal);
}

TEST(Subject, TakesWhatItWasToldOfKerberos) {
    auto target = target_with("http://10.0.0.1", {"kerberos"});
    target.kerberos.realm = "CORP.TEST";
    target.kerberos.host_name = "web01.corp.test";
    target.kerberos.service = "WSMAN";
    target.proxy = "http://proxy:3128";
    const auto subject = subject_of(target, "CORP\\alice");
    ASSERT_TRUE(subject.ok());
    EXPECT_EQ(subject->principal(), "alice@CORP.TEST");
    EXPECT_EQ(subject->kerberos_host(), "web01.corp.test");
    EXPECT_EQ(subject->services, std::vector<std::string>{"WSMAN"});
    EXPECT_EQ(subject->proxy, "proxy:3128");
}

TEST(Subject, OfATransportThatIsNotKnownIsNone) {
    auto target = target_with("http://web01", {"ntlm"});
    target.transports = {"smoke-signals"};
    const auto subject = subject_of(target, "alice");
    ASSERT_FALSE(subject.ok());
    EXPECT_EQ(subject.error().id, ErrorId::usage_unsupported);
}

}  // namespace
}  // namespace mullion::doctor
