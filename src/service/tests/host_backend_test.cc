// Processes that answer about CIM: how they are started, how many, and every way in which they end.
#include "service/cim/host_backend.h"
#include "service/cim/cim_exchange.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "service/tests/cim_fixture.h"

namespace mullion::service::testing {
namespace {

namespace code = wsman::code;
using Frame = Outcome<cim::FromHost>;
using Asked = Outcome<std::unique_ptr<CimAnswer>>;

template <class T>
net::Task<void> keep(net::Task<T> task, std::optional<T>& place) {
    place.emplace(co_await std::move(task));
}

class HostBackendTest : public ::testing::Test {
protected:
    template <class T>
    T done(net::Task<T> task) {
        std::optional<T> out;
        boost::asio::co_spawn(io, keep(std::move(task), out), boost::asio::detached);
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        io.restart();
        while (!out && std::chrono::steady_clock::now() < until) io.run_one_until(until);
        EXPECT_TRUE(out.has_value());
        return std::move(*out);
    }
    void settle() {
        io.restart();
        while (io.poll() != 0) {
        }
    }
    HostBackend make(std::string program = "/usr/libexec/mullion/mullion-cim-host", HostLimits limits = {}) {
        return HostBackend({io.get_executor(), commands, system_random(), log, std::move(program), limits});
    }
    static CimQuestion question(const std::string& user = "alice") {
        return {"ann", user, "10.1.2.3", "uuid:1", "<s:Envelope/>", 64, "Get of Win32_Service"};
    }
    std::unique_ptr<CimAnswer> asked(HostBackend& hosts, const std::string& user = "alice") {
        auto out = done(hosts.ask(question(user)));
        EXPECT_TRUE(out.ok());
        settle();
        return out.ok() ? std::move(out.value()) : nullptr;
    }
    std::uint32_t refused(HostBackend& hosts, const std::string& user = "alice") {
        const auto out = done(hosts.ask(question(user)));
        EXPECT_FALSE(out.ok());
        return out.ok() ? 0 : out.fault().code;
    }
    Script& script(std::size_t index = 0) { return *commands.scripts.at(index); }

    boost::asio::io_context io;
    ScriptedBackend commands{io.get_executor()};
    Lines lines;
    ManualClock clock;
    CimLog log{lines, clock};
};

TEST_F(HostBackendTest, AsksAProcessOfTheCallersOwn) {
    auto hosts = make();
    const auto answer = asked(hosts);
    const auto& started = script().started;
    EXPECT_EQ(started.unix_user, "ann");
    EXPECT_EQ(started.user, "alice");
    EXPECT_EQ(started.argv, std::vector<std::string>{"/usr/libexec/mullion/mullion-cim-host"});
    EXPECT_EQ(started.address, "10.1.2.3");
    EXPECT_EQ(started.memory_mb, 64u);
    EXPECT_EQ(started.memory_is_of, "an answer about CIM");
    EXPECT_TRUE(is_guid(started.shell_id));
    EXPECT_TRUE(started.environment.empty()) << "nothing of the client's";
    EXPECT_FALSE(started.login_shell);
    EXPECT_EQ(cim::decode_ask(script().input), (cim::Ask{"uuid:1", "<s:Envelope/>"}));
    EXPECT_TRUE(script().input_ended);

    const auto bytes = cim::encode(cim::FromHost(cim::Item{"<a/>"})) + cim::encode(cim::FromHost(cim::End{}));
    for (const char byte : bytes) script().put(std::string(1, byte));
    const auto item = done(answer->next());
    ASSERT_TRUE(item.ok());
    EXPECT_EQ(std::get<cim::Item>(item.value()).xml, "<a/>");
    EXPECT_TRUE(std::holds_alternative<cim::End>(done(answer->next()).value()));
    EXPECT_TRUE(lines.all.empty());
}

TEST_F(HostBackendTest, OneThatEndsTooSoonIsAFaultAndALine) {
    auto hosts = make();
    auto answer = asked(hosts);
    script().put(cim::encode(cim::FromHost(cim::Item{"<a/>"})));
    script().put_error("warning: x\nterminate called\x1b[2J after this\n");
    EXPECT_TRUE(done(answer->next()).ok());
    script().end(134);
    const auto broken = done(answer->next());
    ASSERT_FALSE(broken.ok());
    EXPECT_EQ(broken.fault().code, code::internal_error);
    EXPECT_NE(broken.fault().message.find("ended before it was done (exit code 134)"), std::string::npos);
    ASSERT_EQ(lines.all.size(), 1u);
    EXPECT_NE(lines.all[0].find("alice from 10.1.2.3 (Get of Win32_Service)"), std::string::npos);
    EXPECT_NE(lines.all[0].find("exit code 134; its last line: terminate called\\x1b[2J after this"),
              std::string::npos)
        << lines.all[0];
    answer.reset();
    settle();
    EXPECT_EQ(hosts.running(), 0u);
}

TEST_F(HostBackendTest, NothingIsAskedForWhoeverHasStoppedWaiting) {
    auto hosts = make();
    auto late = question();
    late.waiting.until = std::chrono::steady_clock::now() - std::chrono::seconds(1);
    bool begun = false;
    late.begins = [&] { begun = true; };
    const auto out = done(hosts.ask(std::move(late)));
    ASSERT_FALSE(out.ok());
    EXPECT_EQ(out.fault().code, code::operation_timed_out);
    settle();
    EXPECT_EQ(script().input, "") << "a method would have been called";
    EXPECT_FALSE(begun);
    EXPECT_EQ(hosts.running(), 0u);
}

// The start goes on until the monitor says what became of it, and then nobody wants it.
TEST_F(HostBackendTest, AStartThatTakesTooLongIsNotWaitedFor) {
    auto hosts = make();
    commands.holds_starts = true;
    const auto exchange =
        std::make_shared<CimExchange>(io.get_executor(), hosts, CimExchange::Wanted::one_answer, 1'000);
    const auto out =
        done(exchange->start(question(), {std::chrono::steady_clock::now() + std::chrono::milliseconds(30)}));
    ASSERT_FALSE(out.ok());
    EXPECT_EQ(out.fault().code, code::operation_timed_out);
    EXPECT_EQ(hosts.running(), 1u) << "it counts as long as it may become one";
    commands.holds_starts = false;
    commands.starts.notify();
    settle();
    EXPECT_EQ(script().input, "");
    EXPECT_EQ(hosts.running(), 0u);
}

TEST_F(HostBackendTest, WhatIsLargerThanAnEnvelopeIsRefusedBeforeItIsHere) {
    auto hosts = make();
    auto small = question();
    small.most = 100'000;
    auto out = done(hosts.ask(std::move(small)));
    ASSERT_TRUE(out.ok());
    settle();
    EXPECT_EQ(cim::decode_ask(script().input).value_or(cim::Ask{}).most_item, 100'000u) << "it knows";
    const auto frame = cim::encode(cim::FromHost(cim::Item{std::string(200'000, 'x')}));
    script().put(frame.substr(0, 100));
    const auto refused = done(out.value()->next());
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.fault().code, code::service_envelope_limit);
    EXPECT_NE(refused.fault().message.find("more than 100000 bytes (MaxEnvelopeSize"), std::string::npos);
    EXPECT_FALSE(script().signals.empty());
    EXPECT_TRUE(lines.all.empty());
}

TEST_F(HostBackendTest, WhatIsHalfSaidCountsAndIsBounded) {
    HostLimits limits;
    limits.bytes_of_one = 3'000'000;
    limits.bytes = 3'900'000;
    auto hosts = make("/host", limits);
    const auto half = cim::encode(cim::FromHost(cim::Item{std::string(900'000, 'x')})).substr(0, 800'000);
    std::vector<std::unique_ptr<CimAnswer>> answers;
    std::vector<std::shared_ptr<std::optional<Frame>>> waits;
    const auto say_half = [&](const std::string& user) {
        answers.push_back(asked(hosts, user));
        waits.push_back(std::make_shared<std::optional<Frame>>());
        boost::asio::co_spawn(io, keep(answers.back()->next(), *waits.back()), boost::asio::detached);
        script(answers.size() - 1).put(half);
        settle();
        return waits.back()->has_value() ? (**waits.back()).fault().code : 0;
    };
    for (int i = 0; i < 3; ++i) EXPECT_EQ(say_half("alice"), 0u);
    EXPECT_GE(hosts.bytes(), 3 * half.size());
    EXPECT_EQ(say_half("alice"), code::quota_user);
    EXPECT_TRUE(lines.has("is refused: the answers that are still to come are too large"));
    EXPECT_FALSE(script(3).signals.empty());
    EXPECT_LT(hosts.bytes(), 4 * half.size()) << "what it said is gone at once";
    // What is whole is no longer half said.
    script(0).put(cim::encode(cim::FromHost(cim::Item{std::string(900'000, 'x')})).substr(800'000));
    settle();
    ASSERT_TRUE(waits[0]->has_value());
    EXPECT_TRUE((*waits[0])->ok());
    EXPECT_LT(hosts.bytes(), 3 * half.size());
    EXPECT_EQ(say_half("bob"), 0u);
    EXPECT_EQ(say_half("bob"), 0u);
    EXPECT_EQ(say_half("bob"), code::quota_system);
    EXPECT_EQ(say_half("carol"), 0u) << "who has little does not pay for what others have";
    answers.clear();
    settle();
    EXPECT_EQ(hosts.bytes(), 0u);
    EXPECT_EQ(hosts.running(), 0u);
}

TEST_F(HostBackendTest, AQuestionThatNobodyReadsCounts) {
    HostLimits limits;
    limits.bytes_of_one = 1'000'000;
    auto hosts = make("/host", limits);
    commands.begin = [](Script& s) {
        s.reads_input = false;
        return std::nullopt;
    };
    auto large = question();
    large.envelope = std::string(600'000, 'x');
    const auto first = done(hosts.ask(large));
    ASSERT_TRUE(first.ok());
    settle();
    EXPECT_GE(hosts.bytes(), 600'000u);
    EXPECT_EQ(done(hosts.ask(large)).fault().code, code::quota_user);
    EXPECT_EQ(commands.scripts.size(), 1u) << "no process is started for it";
    script().reads_input = true;
    script().changed.notify();
    settle();
    EXPECT_EQ(hosts.bytes(), 0u);
    EXPECT_TRUE(done(hosts.ask(large)).ok());
}

// He may kill his own process as often as he likes, and have as many refused.
TEST_F(HostBackendTest, LinesOfFailuresAreBounded) {
    auto hosts = make("/host", {0, 0});
    for (int i = 0; i < 100; ++i) (void)refused(hosts);
    EXPECT_EQ(lines.all.size(), 30u);
    clock.advance(LineLimit::span);
    log.sweep();
    EXPECT_EQ(lines.all.back(), "CIM: and 70 more refusals and failures");
}

TEST_F(HostBackendTest, OneThatComplainsWithoutEndIsEnded) {
    auto hosts = make();
    auto answer = asked(hosts);
    const auto& signals = script().signals;
    for (int i = 0; i < 16; ++i) script().put_error(std::string(64 * 1024, 'x'));
    settle();
    EXPECT_TRUE(signals.empty());
    script().put_error("x");
    settle();
    EXPECT_EQ(signals, std::vector{ProcessSignal::kill});
}

TEST_F(HostBackendTest, HalfAFrameIsNoEnd) {
    auto hosts = make();
    const auto answer = asked(hosts);
    const auto frame = cim::encode(cim::FromHost(cim::Item{"<a/>"}));
    script().put(frame.substr(0, frame.size() - 1));
    script().end(0);
    EXPECT_EQ(done(answer->next()).fault().code, code::internal_error);
    EXPECT_TRUE(lines.has("exit code 0"));
}

TEST_F(HostBackendTest, WhatIsNoMessageEndsIt) {
    auto hosts = make();
    const auto answer = asked(hosts);
    script().put(std::string(64, '\xff'));
    const auto broken = done(answer->next());
    EXPECT_EQ(broken.fault().code, code::internal_error);
    EXPECT_TRUE(lines.has("sent what is none of its messages"));
    EXPECT_FALSE(script().signals.empty());
}

TEST_F(HostBackendTest, GivingItUpKillsIt) {
    auto hosts = make();
    auto answer = asked(hosts);
    answer.reset();
    settle();
    EXPECT_EQ(script().signals, std::vector<ProcessSignal>{ProcessSignal::kill});
    EXPECT_EQ(hosts.running(), 0u);
    answer = asked(hosts);
    std::optional<Frame> waits;
    boost::asio::co_spawn(io, keep(answer->next(), waits), boost::asio::detached);
    settle();
    EXPECT_FALSE(waits.has_value());
    answer->stop();
    settle();
    ASSERT_TRUE(waits.has_value());
    EXPECT_FALSE(waits->ok());
    EXPECT_TRUE(lines.all.empty());
}

TEST_F(HostBackendTest, ThereAreSoManyOfOneAndOfAll) {
    auto hosts = make("/host", {3, 2});
    std::vector<std::unique_ptr<CimAnswer>> held;
    for (const char* user : {"alice", "alice", "bob"}) held.push_back(asked(hosts, user));
    EXPECT_EQ(refused(hosts, "alice"), code::quota_user);
    EXPECT_EQ(refused(hosts, "bob"), code::quota_system);
    EXPECT_EQ(hosts.running(), 3u);
    EXPECT_TRUE(lines.has("is refused"));
    held.pop_back();
    settle();
    held.push_back(asked(hosts, "bob"));
    hosts.set_limits({2, 2});
    held.pop_back();
    settle();
    EXPECT_EQ(refused(hosts, "carol"), code::quota_system);
}

TEST_F(HostBackendTest, WhatDoesNotStartIsSaid) {
    auto missing = make("");
    auto out = done(missing.ask(question()));
    ASSERT_FALSE(out.ok());
    EXPECT_EQ(out.fault().code, code::internal_error);
    EXPECT_NE(out.fault().message.find("mullion-cim-host is missing"), std::string::npos);
    auto hosts = make("/host");
    const auto with = [&](int error, const char* step) {
        commands.begin = [=](Script&) { return StartFailure{error, step}; };
        return refused(hosts);
    };
    EXPECT_EQ(with(ENOENT, "execute"), code::internal_error);
    EXPECT_EQ(with(EACCES, "open the PAM session"), code::access_denied);
    EXPECT_EQ(with(EPERM, "become user"), code::access_denied);
    EXPECT_EQ(with(EAGAIN, "fork"), code::quota_system);
    EXPECT_TRUE(
        lines.has("/host could not be started for alice from 10.1.2.3 (Get of Win32_Service): execute"));
    EXPECT_EQ(hosts.running(), 0u);
    auto large = question();
    large.envelope.resize(cim::ask_limit + 1);
    EXPECT_EQ(done(hosts.ask(std::move(large))).fault().code, code::service_envelope_limit);
}

TEST_F(HostBackendTest, AtTheEndAllAreStopped) {
    auto hosts = make();
    auto first = asked(hosts), second = asked(hosts);
    hosts.close();
    EXPECT_FALSE(done(first->next()).ok());
    EXPECT_FALSE(done(second->next()).ok());
    EXPECT_EQ(refused(hosts), code::aborted);
    EXPECT_FALSE(done(hosts.all_gone(std::chrono::steady_clock::now())));
    first.reset();
    second.reset();
    EXPECT_TRUE(done(hosts.all_gone(std::chrono::steady_clock::now() + std::chrono::seconds(20))));
}

}  // namespace
}  // namespace mullion::service::testing
