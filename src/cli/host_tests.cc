#include "cli/host_tests.h"

#include <algorithm>

#include "cli/interrupts.h"
#include "client/client.h"

namespace mullion::cli {
namespace {

// Understood by cmd and by sh.
constexpr const char* harmless = "echo mullion";

class Nowhere final : public client::OutputSink {
public:
    void on_output(client::Stream, std::string_view) override {}
};

class Round final : public fleet::PingObserver, public fleet::Observer {
public:
    Round(fleet::Fleet& fleet, const MakeWork& make, const HostTestOptions& options)
        : fleet_(fleet), make_(make), options_(options) {}

    std::vector<HostTest> make(const std::vector<std::string>& hosts) {
        for (const auto& host : hosts) {
            HostTest test;
            test.host = host;
            tests_.push_back(std::move(test));
        }
        log_on();
        run_something();
        return std::move(tests_);
    }

    void on_ping(std::size_t at, client::PingOutcome outcome) override {
        auto& test = tests_[at];
        test.logged_on = outcome.status == Status::ok;
        test.transport = std::move(outcome.transport);
        test.vendor = std::move(outcome.vendor);
        test.version = std::move(outcome.version);
        test.sealed = outcome.sealed;
        take(test, outcome.status, std::move(outcome.error), outcome.duration);
    }

    client::OutputSink& start(std::size_t) override { return nowhere_; }
    void on_result(std::size_t at, client::RunOutcome outcome) override {
        auto& test = tests_[answered_[at]];
        // It ran, and that was the question: what it says with its exit code is the host's own matter.
        const bool ran = outcome.status == Status::failed && !outcome.error;
        take(test, ran ? Status::ok : outcome.status, std::move(outcome.error), outcome.duration);
    }
    void on_late(std::size_t, Error) override {}  // A shell that stays open for a while is no matter here.

private:
    void log_on() {
        client::PingOptions options;
        options.timeout = options_.timeout;
        fleet_.ping(
            tests_.size(), [this](std::size_t at) { return prepare(at); }, options, *this);
    }
    void run_something() {
        for (std::size_t at = 0; at < tests_.size(); ++at)
            if (tests_[at].logged_on) answered_.push_back(at);
        if (answered_.empty()) return;
        client::RunOptions options;
        options.command = harmless;
        options.timeout = options_.timeout;
        fleet_.run(
            answered_.size(), [this](std::size_t at) { return prepare(answered_[at]); }, options, *this);
    }
    fleet::Prepared prepare(std::size_t at) {
        auto work = make_(tests_[at].host);
        if (work.ok()) return std::move(work).value();
        return fleet::NotRun{std::move(work).error().on_host(tests_[at].host), {}};
    }
    static void take(HostTest& test, Status status, std::optional<Error> error, Duration took) {
        test.status = status;
        test.error = std::move(error);
        test.duration += took;
    }

    fleet::Fleet& fleet_;
    const MakeWork& make_;
    const HostTestOptions& options_;
    Nowhere nowhere_;
    std::vector<HostTest> tests_;
    std::vector<std::size_t> answered_;
};

}  // namespace

std::vector<HostTest> test_hosts(const std::vector<std::string>& hosts, const MakeWork& make,
                                 const HostTestOptions& options) {
    Interrupts interrupts;  // First: every thread must inherit that signals are not for it.
    // Never deleted: the process ends without waiting for what was given up (process.cc).
    static auto* const runtime = new client::Runtime();
    const auto useful = static_cast<unsigned>(std::min<std::size_t>(hosts.size(), options.forks));
    fleet::Fleet fleet(*runtime, {useful < 2 ? 1 : fleet::forks_that_fit(useful)});
    interrupts.on_first([&] { fleet.interrupt(); });
    auto tests = Round(fleet, make, options).make(hosts);
    interrupts.on_first({});
    return tests;
}

}  // namespace mullion::cli
