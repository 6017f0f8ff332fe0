#include "tickets/kdc_lookup.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <future>

#include "net/tests/loop.h"
#include "tickets/places.h"

namespace mullion::tickets {
namespace {

using Kdcs = Result<std::vector<std::string>>;

class KdcLookupTest : public testing::Test {
protected:
    KdcLookupTest() {
        std::ofstream(file)
            << "[realms]\n FILE.TEST = {\n  kdc = kd1.file.test\n  kdc = tcp/kd2.file.test:750\n  kdc = "
               "[::1]:88\n }\n PROXY.TEST = {\n  kdc = https://proxy.test/KdcProxy\n }\n";
        ::setenv("KRB5_CONFIG", file.c_str(), 1);
    }
    ~KdcLookupTest() override { std::remove(file.c_str()); }
    Kdcs find(const std::string& realm, const kerberos::Configuration& configuration = {},
              MonotonicTime deadline = net::far_off()) {
        return loop.run(lookup.find(loop.executor(), configuration, realm, deadline));
    }

    std::string file = testing::TempDir() + "mullion-lookup-krb5.conf";
    std::promise<void> answered;
    std::shared_future<void> silence = answered.get_future().share();
    net::Loop loop;
    KdcLookup lookup{loop.pool(), [silence = silence](const std::string& name) -> std::optional<std::string> {
                         if (name == "_kerberos._tcp.SILENT.TEST") silence.wait();
                         if (name == "_kerberos._tcp.GARBAGE.TEST") return "garbage";
                         return std::nullopt;
                     }};
};

TEST_F(KdcLookupTest, TakesWhatTheFileOrTheConfigurationNames) {
    const std::vector<std::string> of_file{"kd1.file.test:88", "kd2.file.test:750", "[::1]:88"};
    EXPECT_EQ(find("FILE.TEST").value(), of_file);
    kerberos::Configuration own;
    own.realm = "FILE.TEST";
    own.kdcs = {"mine.test:88"};
    EXPECT_EQ(find("FILE.TEST", own).value(), own.kdcs);
    own.realm = "OTHER.TEST";  // Another realm's KDCs are not asked.
    EXPECT_EQ(find("FILE.TEST", own).value(), of_file);
}

TEST_F(KdcLookupTest, SaysWhyThereIsNone) {
    for (const auto& [realm, why] : std::vector<std::pair<std::string, std::string>>{
             {"NOWHERE.TEST", "DNS has no _kerberos._tcp.NOWHERE.TEST"},
             {"GARBAGE.TEST", "cannot be read"},
             {"A B", "not one that DNS can be asked for"},
             {"PROXY.TEST", "https://proxy.test/KdcProxy"}}) {
        const auto none = find(realm);
        ASSERT_FALSE(none) << realm;
        EXPECT_EQ(none.error().id, ErrorId::kerberos_no_kdc);
        EXPECT_NE(none.error().detail.find(why), std::string::npos) << none.error().detail;
    }
}

TEST_F(KdcLookupTest, ANameServerThatIsSilentHoldsNobodyElseUp) {
    const auto silent = find("SILENT.TEST", {}, net::in_ms(50));
    ASSERT_FALSE(silent);
    EXPECT_NE(silent.error().detail.find("no name server answers"), std::string::npos)
        << silent.error().detail;
    EXPECT_FALSE(find("NOWHERE.TEST"));  // While the other still hangs.
    answered.set_value();
}

net::Task<void> enter(net::Loop& loop, Places::Place& place, MonotonicTime deadline, int& in) {
    in += co_await place.wait(loop.executor(), deadline) ? 1 : 0;
}

TEST(Places, AreGivenInOrderAndGivenBack) {
    net::Loop loop;
    const auto places = std::make_shared<Places>(1);
    int first_in = 0, second_in = 0, third_in = 0;
    auto first = std::make_unique<Places::Place>(places), second = std::make_unique<Places::Place>(places);
    Places::Place third(places);
    loop.run(enter(loop, *first, net::far_off(), first_in));
    loop.run(enter(loop, *second, net::in_ms(1), second_in));
    EXPECT_EQ(first_in, 1);
    EXPECT_EQ(second_in, 0);
    second.reset();  // Gives its place in the queue up.
    first.reset();
    loop.run(enter(loop, third, net::far_off(), third_in));
    EXPECT_EQ(third_in, 1);
}

}  // namespace
}  // namespace mullion::tickets
