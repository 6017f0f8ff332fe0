// Faults, quotas and counts of one host.
#include <nlohmann/json.hpp>

#include <algorithm>

#include "simulate/counts_json.h"
#include "simulate/fault_actions.h"
#include "simulate/tests/host_fixture.h"
#include "wsman/enumeration.h"

namespace mullion::simulate::testing {
namespace {

using channel::Delivery;
using FaultsOnDemand = HostFixture;

std::string create(const wsman::RequestSettings& request) {
    return wsman::write_create(request, wsman::new_message_id(system_random()), {});
}

TEST_F(FaultsOnDemand, DropBeforeAndAfterItIsDone) {
    use(R"(
answers: [{command: ver, stdout: x}]
faults:
  - {step: create, nth: 1, do: drop}
  - {step: create, nth: 2, do: drop, when: after}
)");
    EXPECT_EQ(say(create(request)).delivery.way, Delivery::Way::dropped);
    EXPECT_EQ(host->shells().count(), 0u);
    EXPECT_EQ(say(create(request)).delivery.way, Delivery::Way::dropped);
    EXPECT_EQ(host->shells().count(), 1u);
    EXPECT_EQ(say(create(request)).delivery.way, Delivery::Way::whole);
    EXPECT_EQ(host->shells().count(), 2u);
    const auto counts = host->ledger().counts();
    EXPECT_EQ(counts.faults, 2u);
    EXPECT_EQ(counts.shells_opened, 2u);
}

TEST_F(FaultsOnDemand, AnExecutionIsCountedThoughItsAnswerIsLost) {
    use(R"(
answers: [{command: ver, stdout: x}]
faults:
  - {step: command, do: drop, when: after, times: 1}
)");
    const auto shell = open_shell();
    auto what = line("ver");
    what.command_id = "AAAAAAAA-0000-4000-8000-00000000000A";
    EXPECT_EQ(try_run(shell, what).delivery.way, Delivery::Way::dropped);
    // The client that sends it again is told so, and nothing runs twice.
    EXPECT_EQ(code_of(try_run(shell, what)), wsman::code::command_id_conflict);
    EXPECT_EQ(host->ledger().counts().executions, 1u);
    // In another shell the same id does run again, and that is flagged.
    EXPECT_EQ(try_run(open_shell(), what).status, 200);
    const auto json = nlohmann::json::parse(counts_json({{"web01", host->ledger().counts()}}));
    EXPECT_EQ(json["totals"]["most_executions_of_a_command"], 2);
    ASSERT_EQ(json["repeated_commands"].size(), 1u);
    EXPECT_EQ(json["repeated_commands"][0]["command_id"], what.command_id);
    EXPECT_EQ(json["hosts"]["web01"]["executions"], 2);
    EXPECT_EQ(json["hosts"]["web01"]["steps"]["command"], 3);
}

TEST_F(FaultsOnDemand, EveryWayToAnswerBadly) {
    use(R"(
answers: [{command: ver, stdout: x}]
faults:
  - {step: command, nth: 1, do: stall}
  - {step: command, nth: 2, do: http, status: 503}
  - {step: command, nth: 3, do: fault, code: 0x803381A6}
  - {step: command, nth: 4, do: garble}
  - {step: command, nth: 5, do: truncate, bytes: 10}
  - {step: command, nth: 6, do: wrong_relates_to}
  - {step: command, nth: 7, do: slow, bytes: 3, pause: 1ms}
  - {step: command, nth: 8, do: stall, for: 20ms}
)");
    const auto shell = open_shell();
    EXPECT_EQ(try_run(shell, line("ver")).delivery.way, Delivery::Way::held);
    EXPECT_EQ(try_run(shell, line("ver")).status, 503);
    EXPECT_EQ(code_of(try_run(shell, line("ver"))), wsman::code::quota_operations);
    EXPECT_EQ(host->ledger().counts().executions, 0u);  // None of these was done.
    const auto garbled = try_run(shell, line("ver"));
    EXPECT_FALSE(wsman::read_message(garbled.body, wsman::wire_limits(65'536)).ok());
    const auto cut = try_run(shell, line("ver"));
    EXPECT_EQ(cut.delivery.way, Delivery::Way::cut);
    EXPECT_EQ(cut.delivery.bytes, 10u);
    const auto wrong = wsman::read_message(try_run(shell, line("ver")).body, wsman::wire_limits(65'536));
    ASSERT_TRUE(wrong.ok());
    EXPECT_EQ(wrong->header.relates_to, "uuid:00000000-0000-0000-0000-000000000000");
    const auto slow = try_run(shell, line("ver"));
    EXPECT_EQ(slow.delivery.way, Delivery::Way::slowly);
    EXPECT_EQ(slow.delivery.bytes, 3u);
    EXPECT_EQ(try_run(shell, line("ver")).delivery.way, Delivery::Way::whole);
    EXPECT_EQ(host->ledger().counts().executions, 5u);
}

TEST_F(FaultsOnDemand, OfOneCommandAtItsOwnSteps) {
    use(R"(
answers:
  - {command: good, stdout: x}
  - {command: bad, stdout: x}
faults:
  - {command: bad, step: receive, do: http, status: 500}
  - {contains: ba, step: signal, do: http, status: 503}
)");
    const auto shell = open_shell();
    const auto good = run(shell, "good");
    const auto bad = run(shell, "bad");
    EXPECT_EQ(try_receive(shell, good).status, 200);
    const auto refused = try_receive(shell, bad);
    EXPECT_EQ(refused.status, 500);
    EXPECT_TRUE(refused.body.empty());
    wsman::SendSignal signal;
    signal.command_id = bad;
    EXPECT_EQ(say(wsman::write_signal(request, id(), shell, signal)).status, 503);
    signal.command_id = good;
    EXPECT_EQ(say(wsman::write_signal(request, id(), shell, signal)).status, 200);
}

TEST_F(FaultsOnDemand, OfEnumerationsAndMethods) {
    use(R"(
faults:
  - {step: enumerate, nth: 2, do: fault, code: 0x80338000}
  - {step: pull, nth: 2, do: http, status: 503}
  - {step: release, do: http, status: 501}
  - {step: get, do: http, status: 502}
  - {step: put, do: http, status: 504}
  - {step: invoke, do: http, status: 505}
)");
    namespace a = wsman::action;
    const auto enumerate = [&] {
        return say(wsman::write_enumerate(request, id(), wsman::resource::shells, {}, {}));
    };
    EXPECT_EQ(enumerate().status, 200);
    EXPECT_EQ(code_of(enumerate()), 0x80338000U);
    const auto pull = [&] {
        return say(wsman::write_pull(request, id(), wsman::resource::shells, {"uuid:1", 1}));
    };
    EXPECT_EQ(code_of(pull()), wsman::code::invalid_enumeration_context);
    EXPECT_EQ(pull().status, 503);
    EXPECT_EQ(say(wsman::write_release(request, id(), wsman::resource::shells, "uuid:1")).status, 501);
    const auto act = [&](std::string_view action, std::string_view uri) {
        return say(wsman::write_request(request, {action, uri, id(), {}, {}}, [](xml::Writer&) {})).status;
    };
    constexpr std::string_view process =
        "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Process";
    EXPECT_EQ(act(a::get, wsman::resource::shells), 502);
    EXPECT_EQ(act(a::put, process), 504);
    EXPECT_EQ(act(std::string(process) + "/Create", process), 505);
    EXPECT_NE(act(std::string(process) + "Create", process), 505);
    const auto steps = host->ledger().counts().steps;
    for (const auto& [step, times] : {std::pair{Step::enumerate, 2U},
                                      {Step::pull, 2U},
                                      {Step::release, 1U},
                                      {Step::get, 1U},
                                      {Step::put, 1U},
                                      {Step::invoke, 1U},
                                      {Step::other, 1U}})
        EXPECT_EQ(steps.at(static_cast<std::size_t>(step)), times) << step_name(step);
}

TEST_F(FaultsOnDemand, EveryThirdAndByChance) {
    use(R"(
faults:
  - {step: identify, every: 3, do: http, status: 500}
  - {step: create, probability: 0.5, do: http, status: 500}
)");
    std::string seen;
    for (int i = 0; i < 6; ++i) seen += host->faults().due(Step::identify, {}) != nullptr ? '!' : '.';
    EXPECT_EQ(seen, "..!..!");
    const auto chances = [&] {
        std::string out;
        Faults faults(*fleet, fleet->hosts[0]);
        for (int i = 0; i < 64; ++i) out += faults.due(Step::create, {}) != nullptr ? '!' : '.';
        return out;
    };
    const auto first = chances();
    EXPECT_EQ(first, chances());  // The same in every run.
    EXPECT_GT(std::count(first.begin(), first.end(), '!'), 16);
    EXPECT_GT(std::count(first.begin(), first.end(), '.'), 16);
    fleet->seed = 99;
    EXPECT_NE(first, chances());
}

TEST_F(FaultsOnDemand, OnlyOfTheHostsThatAreMeant) {
    use("faults: [{host: [db*, lb01], step: create, do: drop}, {host: 'web0?', step: delete, do: drop}]\n");
    EXPECT_EQ(host->faults().due(Step::create, {}), nullptr);
    EXPECT_NE(host->faults().due(Step::remove, {}), nullptr);
}

using Quotas = HostFixture;

TEST_F(Quotas, AreTheHostsOwn) {
    use(R"(
settings:
  Winrs: {MaxShellsPerUser: 2, MaxProcessesPerShell: 1}
answers: [{command: wait, delay: never}]
)");
    const auto shell = open_shell();
    (void)open_shell();
    EXPECT_EQ(code_of(say(create(request))), wsman::code::quota_shells);
    (void)run(shell, "wait");
    EXPECT_EQ(try_run(shell, line("wait")).status, 500);
}

TEST_F(Quotas, AShellThatWasUsedOftenEnoughIsUsedUp) {
    use("operations_per_shell: 3\nanswers: [{command: ver, stdout: x}]\n");
    const auto shell = open_shell();
    for (int i = 0; i < 3; ++i) {
        const auto command = run(shell, "ver");
        wsman::SendSignal signal;
        signal.command_id = command;
        EXPECT_EQ(say(wsman::write_signal(request, id(), shell, signal)).status, 200);
    }
    EXPECT_EQ(code_of(try_run(shell, line("ver"))), wsman::code::quota_operations);
    EXPECT_EQ(try_run(open_shell(), line("ver")).status, 200);
}

TEST(Spoiling, LeavesNothingThatCouldBeTakenForAnAnswer) {
    EXPECT_EQ(garbled("<a><b/></a>"), "<a><b/></never-opened></a>");
    EXPECT_EQ(with_wrong_relates_to("<a:RelatesTo>uuid:1</a:RelatesTo>"),
              "<a:RelatesTo>uuid:00000000-0000-0000-0000-000000000000</a:RelatesTo>");
    EXPECT_EQ(with_wrong_relates_to("<x/>"), "<x/>");
}

}  // namespace
}  // namespace mullion::simulate::testing
