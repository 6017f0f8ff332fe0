// Tickets from a real KDC, step by step.
#include "kerberos/acquisition.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "acquiring/asking.h"
#include "kdc/kdc.h"

namespace mullion {
namespace {

using kerberos::Configuration;
using kerberos::TicketCache;

kdc::Kdc& shared_kdc() {
    static kdc::Kdc kdc;
    return kdc;
}

class Acquisitions : public testing::Test {
protected:
    static Result<TicketCache> by_password(const std::string& client, const std::string& password,
                                           const Configuration& configuration = {}) {
        MULLION_ASSIGN(const auto one, kerberos::with_password(configuration, client, Secret(password)));
        return acquire(*one);
    }
    static std::string id(const Error& error) { return std::string(error.info().id); }
    kdc::Kdc& kdc = shared_kdc();
};

TEST_F(Acquisitions, ByPasswordAndForAService) {
    auto granting = by_password(kdc::kUser, kdc::kPassword);
    ASSERT_TRUE(granting) << granting.error().message();
    EXPECT_EQ(granting->client(), "alice@EXAMPLE.TEST");
    EXPECT_TRUE(granting->name().starts_with("MEMORY:"));
    auto service = kerberos::for_service({}, *granting, "HTTP", "LocalHost.");
    ASSERT_TRUE(service) << service.error().message();
    auto tickets = acquire(**service);
    ASSERT_TRUE(tickets) << tickets.error().message();
    EXPECT_EQ((*service)->principal(), "HTTP/localhost@EXAMPLE.TEST");
    const auto list = tickets->list();
    ASSERT_TRUE(list);
    ASSERT_EQ(list->size(), 2U);
    EXPECT_EQ((*list)[0].server, "krbtgt/EXAMPLE.TEST@EXAMPLE.TEST");
    EXPECT_EQ((*list)[1].server, "HTTP/localhost@EXAMPLE.TEST");
    EXPECT_EQ((*list)[1].encryption, "aes256-cts-hmac-sha1-96");
    EXPECT_NE((*list)[1].flags.find('O'), std::string::npos) << (*list)[1].flags;
    // The one it was had with is as it was.
    EXPECT_EQ(granting->list().value().size(), 1U);
    EXPECT_NE(granting->name(), tickets->name());
}

TEST_F(Acquisitions, ByKeytab) {
    const auto one = kerberos::with_keytab({}, "alice@EXAMPLE.TEST", kdc.user_keytab("alice"));
    ASSERT_TRUE(one) << one.error().message();
    const auto granting = acquire(**one);
    ASSERT_TRUE(granting) << granting.error().message();
    EXPECT_EQ(granting->client(), "alice@EXAMPLE.TEST");
}

TEST_F(Acquisitions, TakeWhatTheConfigurationSays) {
    Configuration configuration;
    configuration.realm = "EXAMPLE.TEST";
    configuration.forwardable = true;
    configuration.lifetime = std::chrono::minutes(10);
    const auto granting = by_password("alice", kdc::kPassword, configuration);
    ASSERT_TRUE(granting) << granting.error().message();
    const auto ticket = granting->list().value().front();
    EXPECT_EQ(ticket.ends - ticket.begins, std::chrono::minutes(10));
    EXPECT_NE(ticket.flags.find('F'), std::string::npos) << ticket.flags;
}

TEST_F(Acquisitions, NameRealmAndReasonOfARefusal) {
    const auto wrong = by_password("alice", "not this one");
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().id, ErrorId::kerberos_rejected);
    EXPECT_NE(wrong.error().detail.find("alice@EXAMPLE.TEST"), std::string::npos) << wrong.error().detail;
    EXPECT_EQ(wrong.error().detail.find("not this one"), std::string::npos);
    EXPECT_EQ(id(by_password("nobody", "x").error()), "kerberos.rejected");
    EXPECT_EQ(id(by_password("DOM\\alice", "x").error()), "kerberos.rejected");
    EXPECT_EQ(id(by_password("alice@OTHER.TEST", "x").error()), "kerberos.failed");  // Nobody was asked.
    kdc.admin("addprinc -pw Sesame-2 +needchange carol");
    EXPECT_EQ(id(by_password("carol", "Sesame-2").error()), "kerberos.rejected");
    kdc.admin("addprinc -pw Sesame-2 -allow_tix dave");
    EXPECT_EQ(id(by_password("dave", "Sesame-2").error()), "kerberos.rejected");
    const auto zero = by_password("alice", std::string("Sesame-1\0", 9));
    EXPECT_EQ(id(zero.error()), "kerberos.rejected");
    const auto keytab = kerberos::with_keytab({}, "bob", kdc.user_keytab("alice"));
    ASSERT_FALSE(keytab);
    EXPECT_EQ(id(keytab.error()), "kerberos.keytab");  // Nobody was asked.
    EXPECT_NE(keytab.error().detail.find("alice.user.keytab"), std::string::npos) << keytab.error().detail;
    EXPECT_NE(keytab.error().advice.front().find("keys of other principals"), std::string::npos);
    const auto gone = kerberos::with_keytab({}, "bob", kdc.user_keytab("nobody"));
    EXPECT_EQ(id(gone.error()), "kerberos.keytab");
    EXPECT_NE(gone.error().advice.front().find("is one of this machine"), std::string::npos);
}

TEST_F(Acquisitions, NameTheServiceThatTheKdcDoesNotKnow) {
    const auto granting = by_password("alice", kdc::kPassword);
    ASSERT_TRUE(granting);
    const auto service = kerberos::for_service({}, *granting, "HTTP", "web01.elsewhere.test");
    ASSERT_TRUE(service);
    const auto tickets = acquire(**service);
    ASSERT_FALSE(tickets);
    EXPECT_EQ(tickets.error().id, ErrorId::kerberos_unknown_service) << tickets.error().message();
    EXPECT_NE(tickets.error().detail.find("HTTP/web01.elsewhere.test"), std::string::npos)
        << tickets.error().detail;
}

TEST_F(Acquisitions, ATruncatedAnswerIsAnErrorAtEveryLength) {
    std::vector<std::string> answers;
    const auto keep = [&answers](const kerberos::KdcRequest& request) {
        return answers.emplace_back(ask_kdc(request));
    };
    const auto first = kerberos::with_password({}, "alice", Secret(kdc::kPassword));
    ASSERT_TRUE(acquire(**first, keep));
    ASSERT_EQ(answers.size(), 2U);  // Prove who you are; here is the ticket.
    for (std::size_t size = 0; size < answers.front().size(); ++size) {
        const auto again = kerberos::with_password({}, "alice", Secret(kdc::kPassword));
        ASSERT_TRUE((*again)->step(""));
        EXPECT_FALSE((*again)->step(std::string_view(answers.front()).substr(0, size))) << size;
    }
    const auto large = kerberos::with_password({}, "alice", Secret(kdc::kPassword));
    ASSERT_TRUE((*large)->step(""));
    const auto refused = (*large)->step(std::string(kerberos::max_kdc_message + 1, '\x30'));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().id, ErrorId::kerberos_failed);
}

TEST_F(Acquisitions, ATruncatedTicketIsAnErrorAtEveryLength) {
    const auto granting = by_password("alice", kdc::kPassword);
    ASSERT_TRUE(granting);
    std::string answer;
    const auto keep = [&answer](const auto& request) { return answer = ask_kdc(request); };
    const auto first = kerberos::for_service({}, *granting, "HTTP", "localhost");
    ASSERT_TRUE(acquire(**first, keep));
    for (std::size_t size = 0; size < answer.size(); ++size) {
        const auto again = kerberos::for_service({}, *granting, "HTTP", "localhost");
        // The library may ask in another way then, and is cut short again.
        EXPECT_FALSE(acquire(**again, [&](const auto&) { return answer.substr(0, size); })) << size;
    }
}

}  // namespace
}  // namespace mullion
