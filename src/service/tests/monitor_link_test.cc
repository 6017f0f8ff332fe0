// The network process's end of the socket, against a monitor that the test plays.
#include "service/shells/monitor_link.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <map>

#include "os/seqpacket.h"
#include "service/shells/process_backend.h"
#include "service/shells/shell_command.h"

namespace mullion::service::testing {
namespace {

struct PlayedPipes {
    os::UniqueFd input;   // What the process would read.
    os::UniqueFd output;  // What it would write to.
    os::UniqueFd error;
};

class MonitorLinkTest : public ::testing::Test {
protected:
    explicit MonitorLinkTest(Duration start_patience = std::chrono::minutes(1)) {
        auto ends = os::make_seqpacket_pair();
        monitor = std::move(ends->second);
        (void)os::set_nonblocking(monitor.get());
        link.emplace(io.get_executor(), std::move(ends->first), null_logger(), start_patience);
        link->begin([this] { lost = true; });
        backend.emplace(io.get_executor(), *link);
    }

    void settle() {
        io.restart();
        while (io.run_one_for(std::chrono::milliseconds(20)) != 0) {
        }
    }
    template <class Message>
    std::optional<Message> heard() {
        settle();
        auto packet = os::receive_packet(monitor.get(), 0);
        if (!packet.ok() || packet->kind != os::Packet::Kind::message) return std::nullopt;
        const auto message = os::decode_to_monitor(packet->bytes);
        if (!message || !std::holds_alternative<Message>(*message)) return std::nullopt;
        return std::get<Message>(*message);
    }
    void say(const os::FromMonitor& message, std::vector<int> descriptors = {}) {
        ASSERT_TRUE(os::send_packet(monitor.get(), os::encode(message), descriptors).ok());
        settle();
    }
    void begin(std::vector<std::string> argv = {"/bin/sh", "-c", "x"}, std::string unix_user = "alice") {
        CommandStart what;
        what.unix_user = std::move(unix_user);
        what.argv = std::move(argv);
        what.shell_id = "SHELL-1";
        what.memory_mb = memory_mb;
        if (!memory_is_of.empty()) what.memory_is_of = memory_is_of;
        auto task = backend->start(std::move(what));
        boost::asio::co_spawn(io, std::move(task),
                              [this](std::exception_ptr bug, CommandBackend::Started result) {
                                  EXPECT_FALSE(bug);
                                  started.emplace(std::move(result));
                              });
        settle();
    }
    // Answers the spawn with pipes that the test holds the other ends of.
    PlayedPipes spawned(std::uint64_t token) {
        int in[2], out[2], err[2];
        EXPECT_EQ(pipe2(in, O_CLOEXEC) + pipe2(out, O_CLOEXEC) + pipe2(err, O_CLOEXEC), 0);
        for (const int descriptor : {in[1], out[0], err[0]})
            EXPECT_TRUE(os::set_nonblocking(descriptor).ok());
        say(os::Spawned{token, 4711}, {in[1], out[0], err[0]});
        for (const int descriptor : {in[1], out[0], err[0]}) ::close(descriptor);
        return {os::UniqueFd(in[0]), os::UniqueFd(out[1]), os::UniqueFd(err[1])};
    }
    std::shared_ptr<ShellCommand> command() {
        auto made =
            std::make_shared<ShellCommand>(io.get_executor(), "ID", code_page_utf8,
                                           std::move(std::get<std::unique_ptr<RunningProcess>>(*started)));
        made->begin();
        settle();
        return made;
    }

    std::uint32_t memory_mb = 0;
    std::string_view memory_is_of;  // Empty: what it is without a word.
    boost::asio::io_context io;
    os::UniqueFd monitor;
    std::optional<MonitorLink> link;
    std::optional<ProcessBackend> backend;
    std::optional<CommandBackend::Started> started;
    bool lost = false;
};

TEST_F(MonitorLinkTest, AProcessFromItsBeginToItsEnd) {
    begin();
    const auto request = heard<os::SpawnRequest>();
    ASSERT_TRUE(request.has_value());
    EXPECT_EQ(request->unix_user, "alice");
    EXPECT_EQ(request->argv.at(2), "x");
    EXPECT_FALSE(started.has_value());
    auto pipes = spawned(request->token);
    ASSERT_TRUE(started.has_value());
    auto running = command();

    ASSERT_EQ(write(pipes.output.get(), "hello", 5), 5);
    settle();
    EXPECT_EQ(running->take(OutputStream::standard_output, 100), "hello");
    running->offer("typed", true);
    settle();
    char typed[16] = {};
    EXPECT_EQ(read(pipes.input.get(), typed, sizeof typed), 5);
    EXPECT_EQ(read(pipes.input.get(), typed, sizeof typed), 0) << "the end of the input is an end";
    running->send(ProcessSignal::interrupt);
    const auto signal = heard<os::SignalRequest>();
    ASSERT_TRUE(signal.has_value());
    EXPECT_EQ(signal->what, os::SignalRequest::What::interrupt);

    pipes.output.reset();
    pipes.error.reset();
    settle();
    EXPECT_FALSE(running->finished());
    say(os::Exited{request->token, true, 9});
    EXPECT_TRUE(running->finished());
    EXPECT_EQ(running->exit_code(), 137u) << "128 + signal";
    running.reset();
    const auto released = heard<os::Release>();
    ASSERT_TRUE(released.has_value());
    EXPECT_EQ(released->token, request->token);
}

// service-protocol 3.7: who takes too much is killed, and the client is told why.
TEST_F(MonitorLinkTest, WhoTookTooMuchMemoryIsToldAtTheEndOfItsErrors) {
    memory_mb = 64;
    begin();
    const auto request = heard<os::SpawnRequest>();
    ASSERT_TRUE(request.has_value());
    EXPECT_EQ(request->shell, "SHELL-1");
    EXPECT_EQ(request->memory_mb, 64U);
    auto pipes = spawned(request->token);
    auto running = command();
    ASSERT_EQ(write(pipes.error.get(), "Killed\n", 7), 7);
    pipes.output.reset();
    pipes.error.reset();
    settle();
    EXPECT_FALSE(running->ended(OutputStream::standard_error)) << "its last line is to come";
    say(os::Exited{request->token, false, 137, true});
    EXPECT_TRUE(running->finished());
    EXPECT_EQ(running->take(OutputStream::standard_error, 1'000),
              "Killed\nmullion: a process was killed: the shell may use 64 MB of memory "
              "(MaxMemoryPerShellMB)\n");
}

TEST_F(MonitorLinkTest, WhatTookTooMuchMemoryIsCalledWhatItIs) {
    memory_mb = 64;
    memory_is_of = "an answer about CIM";
    begin();
    auto pipes = spawned(heard<os::SpawnRequest>()->token);
    auto running = command();
    pipes = {};
    say(os::Exited{1, false, 137, true});
    EXPECT_EQ(running->take(OutputStream::standard_error, 1'000),
              "mullion: a process was killed: an answer about CIM may use 64 MB of memory "
              "(MaxMemoryPerShellMB)\n");
}

TEST_F(MonitorLinkTest, WhoHasALimitAndKeptToItIsToldNothing) {
    memory_mb = 64;
    begin();
    auto pipes = spawned(heard<os::SpawnRequest>()->token);
    auto running = command();
    pipes = {};
    say(os::Exited{1, false, 0, false});
    EXPECT_TRUE(running->finished());
    EXPECT_EQ(running->buffered(OutputStream::standard_error), 0U);
}

TEST_F(MonitorLinkTest, AFailureIsToldWithItsStep) {
    begin();
    const auto request = heard<os::SpawnRequest>();
    ASSERT_TRUE(request.has_value());
    say(os::SpawnFailed{request->token, ENOENT, "change directory"});
    ASSERT_TRUE(started.has_value());
    const auto* failure = std::get_if<StartFailure>(&*started);
    ASSERT_NE(failure, nullptr);
    EXPECT_EQ(failure->error, ENOENT);
    EXPECT_EQ(failure->step, "change directory");
}

// A user whose directory hangs, or who stops whatever starts as him, keeps the monitor's places for ever.
TEST_F(MonitorLinkTest, OneUserHasFewStartsAtATime) {
    constexpr int places = 8;
    for (int i = 0; i < places + 2; ++i) begin();
    std::vector<std::uint64_t> tokens;
    while (const auto request = heard<os::SpawnRequest>()) tokens.push_back(request->token);
    ASSERT_EQ(tokens.size(), std::size_t{places});

    begin({"/bin/sh"}, "bob");
    const auto other = heard<os::SpawnRequest>();
    ASSERT_TRUE(other.has_value()) << "another user need not wait";
    EXPECT_EQ(other->unix_user, "bob");

    say(os::SpawnFailed{tokens[3], EACCES, "execute"});
    EXPECT_TRUE(heard<os::SpawnRequest>().has_value()) << "the next in turn";
    EXPECT_FALSE(heard<os::SpawnRequest>().has_value());
    auto pipes = spawned(tokens[0]);
    EXPECT_TRUE(heard<os::SpawnRequest>().has_value());
}

class Logons : public MonitorLinkTest {
protected:
    void ask(const std::string& user = "alice", const std::string& password = "word",
             const std::string& address = "10.0.0.5") {
        os::LogonRequest request{link->next_token(), user, address, std::make_shared<const Secret>(password)};
        auto task = link->log_on(std::move(request));
        boost::asio::co_spawn(io, std::move(task), [this](std::exception_ptr bug, os::LogonEnded result) {
            EXPECT_FALSE(bug);
            ended.push_back(std::move(result));
        });
        settle();
    }
    std::vector<os::LogonRequest> all_heard() {
        std::vector<os::LogonRequest> all;
        while (auto request = heard<os::LogonRequest>()) all.push_back(std::move(*request));
        return all;
    }
    using What = os::LogonEnded::What;
    std::vector<os::LogonEnded> ended;
};

TEST_F(Logons, AreAskedAndAnswered) {
    ask();
    const auto asked = all_heard();
    ASSERT_EQ(asked.size(), 1u);
    EXPECT_EQ(asked[0].user, "alice");
    EXPECT_EQ(asked[0].address, "10.0.0.5");
    EXPECT_TRUE(asked[0].password->same_as(Secret("word")));
    EXPECT_TRUE(ended.empty());
    say(os::LogonEnded{asked[0].token + 1, What::let_in, "mallory", {}});
    EXPECT_TRUE(ended.empty()) << "nobody asked about that one";
    say(os::LogonEnded{asked[0].token, What::let_in, "alice", {}});
    ASSERT_EQ(ended.size(), 1u);
    EXPECT_EQ(ended[0].what, What::let_in);
    EXPECT_EQ(ended[0].unix_user, "alice");
}

TEST_F(Logons, OfOneNameAreFewAtATimeInWhateverCase) {
    for (int i = 0; i < 3; ++i) ask("alice"), ask("ALICE");
    const auto asked = all_heard();
    ASSERT_EQ(asked.size(), 4u);
    ask("bob");
    EXPECT_EQ(all_heard().size(), 1u) << "another name need not wait";
    say(os::LogonEnded{asked[0].token, What::refused, {}, "no"});
    EXPECT_EQ(all_heard().size(), 1u) << "the next in turn";
    EXPECT_EQ(ended.size(), 1u);
}

TEST_F(Logons, OfAllAreBoundedAndSoAreThoseThatWait) {
    for (int i = 0; i < 32; ++i) ask("user" + std::to_string(i));
    EXPECT_EQ(all_heard().size(), 32u);
    for (int i = 32; i < 256; ++i) ask("user" + std::to_string(i), "word", "10.0.0." + std::to_string(i % 2));
    EXPECT_TRUE(ended.empty());
    ask("one-too-many", "word", "10.0.0.9");
    ASSERT_EQ(ended.size(), 1u);
    EXPECT_EQ(ended[0].what, What::busy);
    EXPECT_TRUE(all_heard().empty());
    monitor.reset();
    settle();
    EXPECT_EQ(ended.size(), 257u) << "nobody waits for a monitor that is gone";
    ask();
    EXPECT_EQ(ended.back().what, What::broken);
}

TEST_F(Logons, OfOneNameOrOneAddressHaveNotAllPlaces) {
    for (int i = 0; i < 64; ++i) ask("alice");
    EXPECT_TRUE(ended.empty());
    ask("Alice", "word", "10.0.0.6");
    ASSERT_EQ(ended.size(), 1u);
    EXPECT_EQ(ended[0].what, What::busy);
    for (int i = 0; i < 64; ++i) ask("user" + std::to_string(i));
    EXPECT_EQ(ended.size(), 1u);
    ask("bob");
    EXPECT_EQ(ended.size(), 2u) << "the 129th of that address";
    ask("bob", "word", "10.0.0.6");
    EXPECT_EQ(ended.size(), 2u) << "another one has its own";
}

TEST_F(Logons, WhoWaitsAsIfHeWereAskedAboutTakesATurn) {
    for (int i = 0; i < 3; ++i) ask("alice");
    const auto asked = all_heard();
    std::vector<bool> waited;
    for (int i = 0; i < 2; ++i) {
        auto task = link->wait_as_asked("ALICE", "10.0.0.5", Duration(0));
        boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr bug, bool came) {
            EXPECT_FALSE(bug);
            waited.push_back(came);
        });
    }
    settle();
    EXPECT_EQ(waited.size(), 2u) << "one after the other: a fourth of that name has its turn";
    ask("alice");
    EXPECT_EQ(all_heard().size(), 1u) << "and gives it back";
    auto task = link->wait_as_asked("alice", "10.0.0.5", Duration(0));
    boost::asio::co_spawn(io, std::move(task),
                          [&](std::exception_ptr, bool came) { waited.push_back(came); });
    settle();
    EXPECT_EQ(waited.size(), 2u) << "while four are asked about it waits";
    say(os::LogonEnded{asked[0].token, What::refused, {}, "no"});
    EXPECT_EQ(waited, (std::vector<bool>{true, true, true}));
}

TEST_F(Logons, ThatNoLinuxUserCouldMakeAreNotSent) {
    ask("-rf");
    ask("alice", "");
    ASSERT_EQ(ended.size(), 2u);
    EXPECT_EQ(ended[0].what, What::refused);
    EXPECT_EQ(ended[1].what, What::refused);
    EXPECT_TRUE(all_heard().empty());
}

TEST_F(MonitorLinkTest, WhoWaitsForHisTurnHearsThatTheMonitorIsGone) {
    for (int i = 0; i < 10; ++i) begin();
    started.reset();
    monitor.reset();
    settle();
    EXPECT_TRUE(lost);
    ASSERT_TRUE(started.has_value());
    EXPECT_EQ(std::get<StartFailure>(*started).error, EPIPE);
}

class ImpatientMonitorLinkTest : public MonitorLinkTest {
protected:
    ImpatientMonitorLinkTest() : MonitorLinkTest(Duration(1)) {}
};

TEST_F(ImpatientMonitorLinkTest, WhatDoesNotBeginInTimeIsKilledAndWhatWaitsForItIsNeverSent) {
    int failed = 0;
    for (int i = 0; i < 9; ++i) {
        started.reset();
        begin();
        if (started) {
            EXPECT_EQ(std::get<StartFailure>(*started).error, ETIMEDOUT);
            ++failed;
        }
    }
    EXPECT_EQ(failed, 1);
    std::map<std::uint64_t, int> killed;
    for (int i = 0; i < 16; ++i) {
        settle();
        auto packet = os::receive_packet(monitor.get(), 0);
        ASSERT_TRUE(packet.ok() && packet->kind == os::Packet::Kind::message) << i;
        const auto message = os::decode_to_monitor(packet->bytes);
        ASSERT_TRUE(message.has_value());
        if (const auto* request = std::get_if<os::SpawnRequest>(&*message)) killed[request->token] = 0;
        if (const auto* signal = std::get_if<os::SignalRequest>(&*message)) ++killed[signal->token];
    }
    EXPECT_EQ(killed.size(), 8U);
    for (const auto& [token, times] : killed) EXPECT_EQ(times, 1) << token;
    // What the monitor says of it counts.
    auto pipes = spawned(killed.begin()->first);
    EXPECT_TRUE(std::holds_alternative<std::unique_ptr<RunningProcess>>(*started));
}

// A process at its limit of open files, as long as this lives.
class NoMoreFiles {
public:
    NoMoreFiles() {
        getrlimit(RLIMIT_NOFILE, &before_);
        const rlimit none{static_cast<rlim_t>(dup(0)), before_.rlim_max};  // The lowest that is free.
        ::close(static_cast<int>(none.rlim_cur));
        setrlimit(RLIMIT_NOFILE, &none);
    }
    ~NoMoreFiles() { setrlimit(RLIMIT_NOFILE, &before_); }

private:
    rlimit before_{};
};

TEST_F(MonitorLinkTest, WithoutRoomForItsPipesOneCommandFailsAndTheMonitorIsKept) {
    begin();
    const auto request = heard<os::SpawnRequest>();
    ASSERT_TRUE(request.has_value());
    {
        const NoMoreFiles now;
        say(os::Spawned{request->token, 4711}, {0, 0, 0});
    }
    ASSERT_TRUE(started.has_value());
    const auto* failure = std::get_if<StartFailure>(&*started);
    ASSERT_NE(failure, nullptr);
    EXPECT_EQ(failure->error, EMFILE);
    EXPECT_FALSE(lost);
    const auto released = heard<os::Release>();
    ASSERT_TRUE(released.has_value()) << "the monitor ends what it started";
    EXPECT_EQ(released->token, request->token);
}

TEST_F(MonitorLinkTest, WhatTheMonitorWouldNotTakeIsNotSent) {
    begin({"relative/program"});
    ASSERT_TRUE(started.has_value());
    EXPECT_NE(std::get_if<StartFailure>(&*started), nullptr);
    EXPECT_FALSE(heard<os::SpawnRequest>().has_value());
    EXPECT_FALSE(lost);
}

TEST_F(MonitorLinkTest, ADeadMonitorEndsEveryWait) {
    begin();
    const auto request = heard<os::SpawnRequest>();
    ASSERT_TRUE(request.has_value());
    auto pipes = spawned(request->token);
    auto running = command();
    monitor.reset();
    settle();
    EXPECT_TRUE(lost);
    EXPECT_TRUE(running->exited());
    begin();
    ASSERT_TRUE(started.has_value());
    EXPECT_NE(std::get_if<StartFailure>(&*started), nullptr) << "a command cannot begin any more";
    pipes = {};
    settle();
}

TEST_F(MonitorLinkTest, NonsenseFromTheMonitorIsTheEndOfIt) {
    ASSERT_TRUE(os::send_packet(monitor.get(), "nonsense").ok());
    settle();
    EXPECT_TRUE(lost);
}

}  // namespace
}  // namespace mullion::service::testing
