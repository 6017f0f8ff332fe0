#include <gtest/gtest.h>
#include <sys/resource.h>

#include "fleet/tests/fleet_fixture.h"

namespace mullion::fleet {
namespace {

// Lowers the soft limit of open files for as long as it lives.
class FewDescriptors {
public:
    explicit FewDescriptors(rlim_t count) {
        getrlimit(RLIMIT_NOFILE, &before_);
        rlimit few = before_;
        few.rlim_cur = count;
        setrlimit(RLIMIT_NOFILE, &few);
    }
    ~FewDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }
    FewDescriptors(const FewDescriptors&) = delete;
    FewDescriptors& operator=(const FewDescriptors&) = delete;
    [[nodiscard]] rlim_t hard() const { return before_.rlim_max; }

private:
    rlimit before_{};
};

TEST(ForksThatFit, RaisesTheSoftLimitToTheHardOne) {
    const FewDescriptors few(64);
    EXPECT_EQ(forks_that_fit(10), 10U);
    rlimit now{};
    getrlimit(RLIMIT_NOFILE, &now);
    EXPECT_EQ(now.rlim_cur, few.hard());
}

TEST(ForksThatFit, AreNoneTooManyForTheHardLimit) {
    rlimit now{};
    getrlimit(RLIMIT_NOFILE, &now);
    if (now.rlim_max == RLIM_INFINITY) GTEST_SKIP() << "this process has no limit of open files";
    const auto fit = forks_that_fit(4'000'000'000U);
    EXPECT_LT(fit, now.rlim_max / 2);
    EXPECT_GT(fit, now.rlim_max / 2 - 200);
    EXPECT_EQ(forks_that_fit(0), 1U);
}

#if defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
#define MULLION_CHECKS_UNDEFINED_BEHAVIOUR 1
#endif
#endif
#ifdef MULLION_CHECKS_UNDEFINED_BEHAVIOUR
constexpr bool undefined_behaviour_is_checked = true;
#else
constexpr bool undefined_behaviour_is_checked = false;
#endif

using DescriptorsTest = testing::FleetFixture;

// Also what would happen to hosts when somebody lowers the limit behind our back.
TEST_F(DescriptorsTest, RunningOutIsTheHostsOwnError) {
    // The sanitizer's check of virtual calls looks at memory through a pipe, and takes an object for a wrong
    // one where no descriptor is left for it. The plain build runs this.
    if (undefined_behaviour_is_checked) GTEST_SKIP() << "the sanitizer needs descriptors of its own";
    make(300, 300);
    prepare = [this](std::size_t host) {
        auto target = service->target();
        // The service shares the limit: connections that it cannot accept end by these.
        target.operation_timeout = Duration(200);
        target.read_timeout = Duration(500);
        return Work{target, service->credential(host)};
    };
    {
        const FewDescriptors few(200);
        run();
    }
    ASSERT_EQ(seen.results.size(), 300U);
    EXPECT_GT(seen.count("net.descriptors"), 0U);
    for (const auto& [host, outcome] : seen.results) {
        if (!outcome.error || outcome.error->id != ErrorId::net_descriptors) continue;
        EXPECT_EQ(outcome.status, Status::unreachable);
        EXPECT_NE(outcome.error->detail.find("Too many open files"), std::string::npos);
    }
    testing::Counting again;
    fleet->run(300, prepare, {.command = "x"}, again);
    EXPECT_EQ(again.count("net.descriptors"), 0U);
}

}  // namespace
}  // namespace mullion::fleet
