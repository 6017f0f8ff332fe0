// That quotas are counted rightly whatever comes between, and every unit is given back.
#include <gtest/gtest.h>

#include <random>

#include "service/tests/shells_fixture.h"

namespace mullion::service::testing {
namespace {

class Counted : public ShellsTest {
protected:
    static constexpr unsigned most_shells = 3, most_processes = 2, most_operations = 6;

    Counted() {
        change([](state::Settings& s) {
            s.max_shells_per_user = most_shells;
            s.max_processes_per_shell = most_processes;
            s.max_operations_per_user = most_operations;
            s.max_concurrent_users = 2;
            s.max_shell_run_time_ms = 60'000;
        });
    }
    std::string command_with_id(const std::string& shell, const std::string& id) {
        wsman::RunCommand what;
        what.command = "x";
        what.command_id = id;
        return command_body(shell, what);
    }
    std::string enumerate_body() {
        wsman::Enumerate what;
        what.optimize = false;
        return wsman::write_enumerate(request, message_id(), wsman::resource::shells, {}, what);
    }
    // Each quota can be filled to its last unit, and not beyond: nothing is left of what was before.
    void every_unit_is_back(const std::string& user) {
        std::vector<std::string> made;
        for (unsigned i = 0; i < most_shells; ++i) made.push_back(open_shell({}, user));
        EXPECT_EQ(code_of(say(create_body({}), user)), code::quota_shells);
        for (const auto& shell : made) {
            for (unsigned i = 0; i < most_processes; ++i)
                EXPECT_EQ(say(command_with_id(shell, {}), user).status, 200) << user;
            EXPECT_EQ(code_of(say(command_with_id(shell, {}), user)), code::internal_error);
        }
        std::vector<std::string> contexts;
        for (unsigned i = 0; i < most_operations; ++i) {
            const auto batch = wsman::read_enumerate_response(understood(say(enumerate_body(), user)));
            ASSERT_TRUE(batch.ok());
            contexts.push_back(batch->context);
        }
        EXPECT_EQ(code_of(say(enumerate_body(), user)), code::quota_operations);
        for (const auto& context : contexts) {
            const auto body = wsman::write_release(request, message_id(), wsman::resource::shells, context);
            EXPECT_EQ(say(body, user).status, 200);
        }
        for (const auto& shell : made) EXPECT_EQ(say(delete_body(shell), user).status, 200);
    }
};

TEST_F(Counted, ACommandThatIsStillStartingCounts) {
    const std::string shell = open_shell();
    backend.holds_starts = true;
    const auto one = begin(command_with_id(shell, {})), two = begin(command_with_id(shell, {}));
    EXPECT_EQ(code_of(say(command_with_id(shell, {}))), code::internal_error);
    backend.begin = [](Script&) { return StartFailure{EPIPE, "ask the monitor"}; };  // It failed to start.
    backend.holds_starts = false;
    backend.starts.notify();
    EXPECT_EQ(finish(one).status, 500);
    EXPECT_EQ(finish(two).status, 500);
    backend.begin = [](Script&) { return std::nullopt; };
    EXPECT_EQ(say(delete_body(shell)).status, 200);
    every_unit_is_back("alice");
}

TEST_F(Counted, AShellThatIsDeletedUnderItsStartsGivesAllBack) {
    const std::string shell = open_shell();
    backend.holds_starts = true;
    const auto one = begin(command_with_id(shell, {}));
    EXPECT_EQ(say(delete_body(shell)).status, 200);
    backend.holds_starts = false;
    backend.starts.notify();
    EXPECT_EQ(code_of(finish(one)), code::unexpected_selectors);
    EXPECT_EQ(script().signals, (std::vector{ProcessSignal::kill}));
    every_unit_is_back("alice");
}

TEST_F(Counted, WithoutRoomForAProcessItIsTheSystemThatIsFull) {
    const std::string shell = open_shell();
    for (const int error : {EAGAIN, ENOMEM, EMFILE, ENFILE}) {
        backend.begin = [=](Script&) { return StartFailure{error, "fork"}; };
        const auto fault = fault_of(say(command_with_id(shell, {})));
        EXPECT_EQ(fault.code, code::quota_system);
        EXPECT_EQ(fault.soap_code + " " + fault.subcode, "Receiver InternalError");
        EXPECT_NE(fault.message.find("fork"), std::string::npos);
    }
}

TEST_F(Counted, EnumerationsThatNobodyPullsFromAreGivenBack) {
    open_shell();
    change([](state::Settings& s) { s.enumeration_timeout_ms = 500; });
    const auto first = wsman::read_enumerate_response(understood(say(enumerate_body())));
    ASSERT_TRUE(first.ok());
    for (unsigned i = 1; i < most_operations; ++i) EXPECT_EQ(say(enumerate_body()).status, 200);
    EXPECT_EQ(code_of(say(enumerate_body())), code::quota_operations);
    clock.advance(Duration(500));  // Nobody has swept: their time is over all the same.
    const auto pull = wsman::write_pull(request, message_id(), wsman::resource::shells, {first->context, 1});
    EXPECT_EQ(code_of(say(pull)), code::invalid_enumeration_context);
    sweep();
    EXPECT_EQ(say(enumerate_body()).status, 200);
}

TEST_F(Counted, WhoeverLeftWaitsNoLongerAndTakesNothing) {
    change([](state::Settings& s) { s.max_operations_per_user = 1; });
    const std::string shell = open_shell();
    const std::string command = run(shell, "silent");
    auto request = incoming(receive_body(shell, command), "alice", true);
    const auto departure = request.departure = std::make_shared<channel::Departure>();
    const auto left = begin(std::move(request));
    const auto get = [&] { return say(wsman::write_get_shell(this->request, message_id(), shell)); };
    EXPECT_EQ(code_of(get()), code::quota_operations);
    departure->happen();
    settle();
    ASSERT_TRUE(left->has_value()) << "it waits on, for nobody";
    EXPECT_EQ(code_of(**left), code::operation_timed_out);
    EXPECT_EQ(get().status, 200) << "its unit is back";
    script().put("out");
    settle();
    EXPECT_EQ(receive(shell, command).chunks.at(0).bytes, "out");
}

TEST_F(Counted, WhoeverLeftTakesNoOutputThatIsThereAlready) {
    const std::string shell = open_shell();
    const std::string command = run(shell, "quick");
    script().put("out");
    settle();
    auto request = incoming(receive_body(shell, command), "alice", true);
    request.departure = std::make_shared<channel::Departure>();
    request.departure->happen();
    EXPECT_EQ(code_of(finish(begin(std::move(request)))), code::operation_timed_out);
    EXPECT_EQ(receive(shell, command).chunks.at(0).bytes, "out");
}

TEST_F(Counted, WhoeverLeftWaitsNoLongerForInputToBeRead) {
    const std::string shell = open_shell();
    const std::string command = run(shell, "does not read");
    script().reads_input = false;
    ASSERT_EQ(say(send_body(shell, command, "first")).status, 200);
    auto request = incoming(send_body(shell, command, "second"), "alice", true);
    const auto departure = request.departure = std::make_shared<channel::Departure>();
    const auto left = begin(std::move(request));
    EXPECT_FALSE(left->has_value());
    departure->happen();
    settle();
    ASSERT_TRUE(left->has_value());
    EXPECT_EQ(code_of(**left), code::busy) << "nothing of it was taken";
}

// Some thousands of steps in an order that nobody chose: what is open never exceeds a quota, and afterwards
// nothing is left.
TEST_F(Counted, WhateverComesBetween) {
    const std::vector<std::string> users{"alice", "bob"};
    for (unsigned seed = 1; seed <= 8; ++seed) {
        std::mt19937 dice(seed);
        const auto any = [&](std::size_t below) { return static_cast<std::size_t>(dice() % below); };
        std::vector<std::pair<std::string, std::string>> made;  // Shell, user; perhaps deleted.
        std::vector<std::pair<std::string, std::string>> commands;
        std::vector<Pending> pending;
        for (int step = 0; step < 600; ++step) {
            const std::string user = users[any(2)];
            const auto some = made.empty() ? std::pair(std::string(guid), user) : made[any(made.size())];
            switch (any(12)) {
                case 0:
                case 1: {
                    wsman::CreateShell what;
                    what.shell_id = new_guid(random);
                    if (say(create_body(what), user).status == 200) made.emplace_back(what.shell_id, user);
                    break;
                }
                case 2:
                case 3:
                case 4: {
                    const std::string id = new_guid(random);
                    pending.push_back(begin(command_with_id(some.first, id), some.second));
                    commands.emplace_back(some.first, id);
                    break;
                }
                case 5:
                case 6:
                    if (commands.empty()) break;
                    pending.push_back(
                        begin(receive_body(some.first, commands[any(commands.size())].second), some.second));
                    break;
                case 7:
                    if (!backend.scripts.empty()) backend.scripts[any(backend.scripts.size())]->end(0);
                    break;
                case 8:
                    backend.holds_starts = !backend.holds_starts;
                    backend.starts.notify();
                    break;
                case 9: {
                    const bool fails = any(2) == 0;
                    backend.begin = [=](Script&) {
                        return fails ? std::optional(StartFailure{EAGAIN, "fork"}) : std::nullopt;
                    };
                    break;
                }
                case 10:
                    pending.push_back(begin(delete_body(some.first), some.second));
                    break;
                default:
                    clock.advance(Duration(dice() % 20'000));
                    sweep();
            }
            settle();
            ASSERT_LE(shells.count(), most_shells * users.size()) << "seed " << seed << " step " << step;
            unsigned running = 0;
            for (const auto& script : backend.scripts) running += !script->exit_code;
            ASSERT_LE(running, most_shells * users.size() * most_processes + pending.size());
        }
        backend.holds_starts = false;
        backend.begin = [](Script&) { return std::nullopt; };
        backend.starts.notify();
        settle();
        for (const auto& [shell, user] : made) (void)say(delete_body(shell), user);
        for (const auto& one : pending) (void)finish(one);
        EXPECT_EQ(shells.count(), 0u);
        for (const auto& user : users) every_unit_is_back(user);
        backend.scripts.clear();
    }
}

}  // namespace
}  // namespace mullion::service::testing
