// The tickets of a process, from a real KDC and from worse ones.
#include "tickets/office.h"

#include <gtest/gtest.h>

#include <boost/asio/steady_timer.hpp>

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include "kdc/kdc.h"
#include "kerberos/acquisition.h"
#include "net/tests/loop.h"

namespace mullion::tickets {
namespace {

using kerberos::ServiceTicket;
using Got = Result<ServiceTicket>;

std::shared_ptr<const Source> by_password(const std::string& client, const std::string& password,
                                          Kinit kinit = {}) {
    return std::make_shared<const Source>(Source{client, "", Secret(password), std::move(kinit), ""});
}

kdc::Kdc& shared_kdc() {
    static kdc::Kdc kdc;
    return kdc;
}

class OfficeTest : public testing::Test {
protected:
    Got get(const std::shared_ptr<const Source>& source, const std::string& host = "localhost",
            const kerberos::Configuration& configuration = {}, MonotonicTime deadline = net::far_off()) {
        return loop.run(office.get({configuration, source, "HTTP", host}, deadline));
    }
    kdc::Kdc& kdc = shared_kdc();
    net::Loop loop;
    ManualClock clock;
    Office office{loop.pool(), clock, [](const std::string&) { return std::nullopt; }};
};

TEST_F(OfficeTest, GivesAServicesTicketInACacheOfItsOwn) {
    const auto alice = by_password("alice", kdc::kPassword);
    const auto first = get(alice), second = get(alice);
    ASSERT_TRUE(first) << first.error().message();
    ASSERT_TRUE(second);
    EXPECT_EQ(first->principal, "HTTP/localhost@EXAMPLE.TEST");
    EXPECT_NE(first->cache.name(), second->cache.name());
    EXPECT_FALSE(std::filesystem::exists(kdc.cache()));  // The default cache is nobody's business.
}

net::Task<void> get_one(Office& office, Wanted wanted, std::size_t& done, std::size_t& good) {
    const auto got = co_await office.get(std::move(wanted), net::far_off());
    done += 1;
    good += got ? 1 : 0;
}

TEST_F(OfficeTest, AsksOnceForAllWhoWantTheSamePrincipal) {
    constexpr std::size_t hosts = 300;
    const auto before = kdc.count("AS_REQ");
    std::size_t done = 0, good = 0;
    for (std::size_t i = 0; i < hosts; ++i) {
        // Each host its own object, as where each reads its own variables.
        loop.start(
            get_one(office, {{}, by_password("alice", kdc::kPassword), "HTTP", "localhost"}, done, good));
    }
    while (done < hosts) loop.run(net::one_turn(loop.executor()));
    EXPECT_EQ(good, hosts);
    EXPECT_EQ(kdc.count("AS_REQ"), before + 1);
}

TEST_F(OfficeTest, AnotherPasswordIsAnotherPrincipal) {
    ASSERT_TRUE(get(by_password("alice", kdc::kPassword)));
    const auto wrong = get(by_password("alice", "another"));
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().info().id, "kerberos.rejected") << wrong.error().message();
    EXPECT_TRUE(get(by_password("alice", kdc::kPassword)));
}

TEST_F(OfficeTest, MakesTheTicketAnewShortlyBeforeItsEnd) {
    const auto alice = by_password("alice", kdc::kPassword);
    const auto before = kdc.count("AS_REQ");
    kerberos::Configuration ten_minutes;
    ten_minutes.lifetime = std::chrono::minutes(10);
    ASSERT_TRUE(get(alice, "localhost", ten_minutes));
    clock.advance(std::chrono::minutes(8));
    ASSERT_TRUE(get(alice, "localhost", ten_minutes));
    EXPECT_EQ(kdc.count("AS_REQ"), before + 1);
    clock.advance(std::chrono::minutes(1));
    ASSERT_TRUE(get(alice, "localhost", ten_minutes));
    EXPECT_EQ(kdc.count("AS_REQ"), before + 2);
}

TEST_F(OfficeTest, TakesAnExistingCacheAndLeavesItAlone) {
    const std::string cache = kdc.cache() + ".manual";
    const auto kinit = "kinit -c " + cache + " -k -t " + kdc.user_keytab("alice") + " alice";
    ASSERT_EQ(std::system(kinit.c_str()), 0);
    const auto source = [&](const std::string& client, const std::string& name) {
        return std::make_shared<const Source>(Source{client, "", {}, {}, name});
    };
    const auto before = std::filesystem::file_size(cache);
    const auto got = get(source("alice", cache));
    ASSERT_TRUE(got) << got.error().message();
    EXPECT_EQ(std::filesystem::file_size(cache), before);
    ASSERT_TRUE(get(source("", "FILE:" + cache)));
    const auto other = get(source("bob", cache));
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().id, ErrorId::kerberos_no_ticket);
    EXPECT_NE(other.error().detail.find("alice@EXAMPLE.TEST, not of bob"), std::string::npos)
        << other.error().detail;
    const auto none = get(source("alice", ""));  // The default one, which nobody filled.
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().id, ErrorId::kerberos_no_ticket);
}

TEST_F(OfficeTest, ATicketByKeytab) {
    const auto source = std::make_shared<const Source>(Source{"alice", kdc.user_keytab("alice"), {}, {}, ""});
    const auto got = get(source);
    EXPECT_TRUE(got) << got.error().message();
}

TEST_F(OfficeTest, AServiceThatTheKdcDoesNotKnow) {
    const auto got = get(by_password("alice", kdc::kPassword), "nowhere.elsewhere.test");
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().id, ErrorId::kerberos_unknown_service) << got.error().message();
}

TEST_F(OfficeTest, ARealmWithoutKdcs) {
    const auto got = get(by_password("alice@NOWHERE.TEST", "x"));
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().id, ErrorId::kerberos_no_kdc) << got.error().message();
    EXPECT_NE(got.error().detail.find("_kerberos._tcp.NOWHERE.TEST"), std::string::npos);
}

// Accepts, and never answers.
class SilentKdc {
public:
    explicit SilentKdc(net::Loop& loop) : listener_(net::listen(loop.executor(), "127.0.0.1", 0)) {}
    [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string((*listener_)->port()); }

    // Once somebody has connected.
    void wait_for_one(net::Loop& loop) { (void)loop.run((*listener_)->accept()); }

private:
    decltype(net::listen(std::declval<net::Executor>(), "", 0)) listener_;
};

kerberos::Configuration realm_with(std::vector<std::string> kdcs) {
    kerberos::Configuration configuration;
    configuration.realm = "EXAMPLE.TEST";
    configuration.kdcs = std::move(kdcs);
    return configuration;
}

TEST_F(OfficeTest, LeavesARealmAloneWhoseKdcsAreSilent) {
    const SilentKdc silent(loop);
    const auto configuration = realm_with({silent.address()});
    const auto alice = by_password("alice", kdc::kPassword);
    const auto first = get(alice, "localhost", configuration, net::in_ms(700));
    ASSERT_FALSE(first);
    EXPECT_EQ(first.error().id, ErrorId::kerberos_silent) << first.error().message();
    EXPECT_NE(first.error().detail.find(silent.address() + ": no answer"), std::string::npos)
        << first.error().detail;
    // Refused without a question: it would hang until the far deadline.
    const auto second = get(alice, "localhost", configuration);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().id, ErrorId::kerberos_silent);
    EXPECT_NE(second.error().detail.find("left alone for 30 s more"), std::string::npos)
        << second.error().detail;
    // The same realm by other KDCs, and others, are not concerned.
    EXPECT_TRUE(get(alice));
    clock.advance(std::chrono::seconds(30));
    const auto third = get(alice, "localhost", configuration, net::in_ms(100));
    ASSERT_FALSE(third);
    EXPECT_EQ(third.error().detail.find("left alone"), std::string::npos) << third.error().detail;
}

TEST_F(OfficeTest, GoesOnToTheNextKdc) {
    const SilentKdc silent(loop);
    kerberos::Configuration own;
    const auto real = kerberos::kdcs_of(own, "EXAMPLE.TEST").value().front();
    const auto alice = by_password("alice", kdc::kPassword);
    const auto got =
        get(alice, "localhost", realm_with({"127.0.0.1:1", silent.address(), real}), net::in_ms(4'000));
    ASSERT_TRUE(got) << got.error().message();
}

TEST_F(OfficeTest, OneHostsEndIsNotTheOthersEnd) {
    const auto alice = by_password("alice", kdc::kPassword);
    std::size_t done = 0, good = 0;
    kerberos::Configuration configuration;
    {
        net::Loop gone;  // Its coroutines end with it, the one that asks among them.
        SilentKdc silent(gone);
        configuration = realm_with({silent.address()});
        gone.start(get_one(office, {configuration, alice, "HTTP", "localhost"}, done, good));
        silent.wait_for_one(gone);
        // Its one worker is done with what it did for the others.
        (void)loop.run(loop.pool().run([] { return 0; }));
    }
    EXPECT_EQ(done, 0U);
    // Nobody is at it any more: it is asked again, and refused at once.
    const auto got = get(alice, "localhost", configuration);
    ASSERT_FALSE(got);
    EXPECT_NE(got.error().detail.find("Connection refused"), std::string::npos) << got.error().detail;
}

std::string script(const std::string& name, const std::string& text) {
    const auto path = testing::TempDir() + "mullion-" + name;
    std::ofstream(path) << "#!/bin/sh\n" << text;
    ::chmod(path.c_str(), 0700);
    return path;
}

TEST_F(OfficeTest, ByAProgramOfTheOperators) {
    const auto log = testing::TempDir() + "mullion-kinit-seen";
    const auto path =
        script("kinit", "echo \"$0 $* $KRB5CCNAME\" > " + log + "; env >> " + log + "; exec kinit \"$@\"\n");
    ::setenv("MULLION_NOT_NAMED", "x", 1);
    const auto got = get(by_password("alice", kdc::kPassword, {path, "-l '9m'", {}}));
    ASSERT_TRUE(got) << got.error().message();
    std::ifstream file(log);
    const std::string seen(std::istreambuf_iterator<char>(file), {});
    EXPECT_NE(seen.find("-l 9m alice@EXAMPLE.TEST FILE:/"), std::string::npos) << seen;
    EXPECT_EQ(seen.find(kdc::kPassword), std::string::npos);
    EXPECT_EQ(seen.find("MULLION_NOT_NAMED"), std::string::npos);
    const auto begin = seen.find("FILE:") + 5;
    const auto folder = std::filesystem::path(seen.substr(begin, seen.find('\n') - begin)).parent_path();
    EXPECT_FALSE(std::filesystem::exists(folder)) << folder;
    std::filesystem::remove(log);
    std::filesystem::remove(path);
}

TEST_F(OfficeTest, SaysWhatTheProgramSaid) {
    const auto wrong = get(by_password("alice", "another", {"kinit", "", {}}));
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().id, ErrorId::kerberos_kinit);
    EXPECT_NE(wrong.error().detail.find("exit 1"), std::string::npos) << wrong.error().detail;
    const auto missing = get(by_password("alice", "x", {"/nowhere/kinit", "", {}}));
    ASSERT_FALSE(missing);
    EXPECT_NE(missing.error().detail.find("/nowhere/kinit: No such file"), std::string::npos)
        << missing.error().detail;
    const auto hanging = script("hangs", "echo waiting >&2; cat; exec tail -f /dev/null\n");
    const auto slow = get(by_password("alice", "x", {hanging, "", {}}), "localhost", {}, net::in_ms(600));
    ASSERT_FALSE(slow);
    EXPECT_NE(slow.error().detail.find("it did not end in time: waiting"), std::string::npos)
        << slow.error().detail;
    std::filesystem::remove(hanging);
    const auto quote = get(by_password("alice", "x", {"kinit", "-l '9 m", {}}));
    ASSERT_FALSE(quote);
    EXPECT_EQ(quote.error().id, ErrorId::kerberos_kinit);
}

}  // namespace
}  // namespace mullion::tickets
