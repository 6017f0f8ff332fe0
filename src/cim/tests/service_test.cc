#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "cim/classes/classes.h"
#include "cim/classes/service_codes.h"
#include "cim/systemd_manager.h"
#include "cim/tests/made_up.h"
#include "cim/tests/mock_systemd.h"

namespace mullion::cim {
namespace {

// A machine whose services are the mock's. Patience is short where nothing is to come, and else long.
struct Bused : MadeUp {
    explicit Bused(MockAnswers answers, std::chrono::milliseconds patience = std::chrono::seconds(60)) {
        if (bus.address().empty()) return;
        mock = std::make_unique<MockSystemd>(bus.address(), std::move(answers));
        SystemdOptions options;
        options.address = bus.address();
        options.patience = options.job_patience = patience;
        use(options);
        file("/proc/sys/kernel/hostname", "web1\n");
    }
    void use(const SystemdOptions& options) {
        machine.services = [options](std::string& why) -> std::unique_ptr<ServiceManager> {
            auto manager = connect_to_systemd(options);
            if (manager.ok()) return std::move(*manager);
            why = fmt::format("{}: {}", manager.error().name, manager.error().message);
            return nullptr;
        };
    }
    MethodOutcome call(std::string_view method, const std::string& name, const std::string& mode = {}) {
        const Keys keys = {{"Name", name}};
        MethodCall call = {method, &keys, {}};
        if (!mode.empty()) call.arguments.emplace_back("StartMode", Scalar(mode));
        return service().invoke(machine, call);
    }
    std::uint64_t code(std::string_view method, const std::string& name, const std::string& mode = {}) {
        const auto outcome = call(method, name, mode);
        EXPECT_FALSE(outcome.fault) << outcome.fault->text();
        const auto* scalar = std::get_if<Scalar>(&outcome.return_value);
        return scalar ? std::get<std::uint64_t>(*scalar) : 9999;
    }
    PrivateBus bus;
    std::unique_ptr<MockSystemd> mock;
};

#define NEEDS_BUS(made) \
    if ((made).bus.address().empty()) GTEST_SKIP() << "dbus-daemon cannot be started (Debian package dbus)"

MockUnit unit(const std::string& name, const std::string& active = "active") {
    MockUnit made;
    made.name = name;
    made.description = "about " + name;
    made.active = active;
    return made;
}

MockAnswers a_few() {
    MockAnswers answers;
    auto web = unit("web.service");
    web.process = 812;
    web.user = "www-data";
    web.command = {"/usr/sbin/web", "-c", "/etc/my web"};
    auto broken = unit("broken.service", "failed");
    broken.result = "exit-code";
    broken.code = 1;
    broken.status = 3;
    auto gone = unit("mentioned.service", "inactive");
    gone.load = "not-found";
    auto blocked = unit("blocked.service", "inactive");
    blocked.load = "masked";
    answers.units = {web,
                     broken,
                     gone,
                     blocked,
                     unit("tty@1.service"),
                     unit("dev.socket"),
                     unit("late.service", "activating"),
                     unit("soon.service", "deactivating")};
    answers.files = {
        {"web.service", "enabled"},   {"broken.service", "static"}, {"tty@.service", "enabled"},
        {"www.service", "alias"},     {"idle.service", "disabled"}, {"run.service", "enabled-runtime"},
        {"hidden.service", "masked"}, {"odd.service", "bad"},       {"dev.socket", "enabled"}};
    answers.links = {"tty@1.service"};
    return answers;
}

// Instances of templates in every state; of "none@" there is no template (any more).
MockAnswers instances() {
    MockAnswers answers;
    for (const char* name : {"on@a", "on@b", "off@a", "still@a", "gone@a", "none@a", "own@a"})
        answers.units.push_back(unit(std::string(name) + ".service"));
    answers.files = {{"on@.service", "indirect"}, {"off@.service", "disabled"}, {"still@.service", "static"},
                     {"gone@.service", "masked"}, {"own@.service", "static"},   {"own@a.service", "enabled"}};
    answers.links = {"on@a.service"};
    return answers;
}

TEST(Service, JoinsWhatIsLoadedWithWhatLiesInFiles) {
    Bused made(a_few());
    NEEDS_BUS(made);
    const auto rows = rows_of(service(), made.machine);
    std::string names;
    for (const auto& row : rows) names += text_of(row, "Name") + " ";
    EXPECT_EQ(names, "blocked broken hidden idle late odd run soon tty@1 web ");
    const auto& web = *row_of(rows, "Name", "web");
    EXPECT_EQ(text_of(web, "DisplayName"), "about web.service");
    EXPECT_EQ(text_of(web, "State"), "Running");
    EXPECT_EQ(text_of(web, "StartMode"), "Auto");
    EXPECT_EQ(text_of(web, "Started"), "TRUE");
    EXPECT_EQ(text_of(web, "Status"), "OK");
    EXPECT_EQ(text_of(web, "StartName"), "www-data");
    EXPECT_EQ(text_of(web, "PathName"), "/usr/sbin/web -c \"/etc/my web\"");
    EXPECT_EQ(number_of(web, "ProcessId"), 812u);
    EXPECT_EQ(number_of(web, "ExitCode"), 0u);
    EXPECT_EQ(text_of(web, "AcceptStop"), "TRUE");
    EXPECT_EQ(text_of(web, "SystemName"), "web1");
    // Its template is enabled, which is for some instances.
    EXPECT_EQ(text_of(*row_of(rows, "Name", "tty@1"), "StartMode"), "Auto");
    const auto& broken = *row_of(rows, "Name", "broken");
    EXPECT_EQ(text_of(broken, "State"), "Stopped");
    EXPECT_EQ(text_of(broken, "Status"), "Error");
    EXPECT_EQ(number_of(broken, "ExitCode"), 3u);
    EXPECT_EQ(text_of(broken, "AcceptStop"), "FALSE");
    EXPECT_EQ(text_of(broken, "StartName"), "root");
    const auto& idle = *row_of(rows, "Name", "idle");
    EXPECT_EQ(text_of(idle, "DisplayName"), "loaded idle.service");
    EXPECT_EQ(text_of(idle, "StartMode"), "Manual");
    EXPECT_EQ(number_of(idle, "ExitCode"), 1077u);
    EXPECT_EQ(text_of(*row_of(rows, "Name", "blocked"), "StartMode"), "Disabled");
    EXPECT_EQ(text_of(*row_of(rows, "Name", "hidden"), "StartMode"), "Disabled");
    EXPECT_TRUE(is_null(*row_of(rows, "Name", "odd"), "StartMode"));
    EXPECT_EQ(text_of(*row_of(rows, "Name", "late"), "State"), "Start Pending");
    EXPECT_EQ(text_of(*row_of(rows, "Name", "soon"), "State"), "Stop Pending");
}

TEST(Service, AsksForEachUnitOnlyWhereThatIsNeeded) {
    Bused made(a_few());
    NEEDS_BUS(made);
    EXPECT_EQ(rows_of(service(), made.machine, {Wanted({"Name", "State", "StartMode"}), {}}).size(), 10u);
    const auto found = service().get(made.machine, {}, {{"Name", "WEB"}});
    ASSERT_TRUE(found.instance);
    EXPECT_EQ(number_of(*found.instance, "ProcessId"), 812u);
    EXPECT_FALSE(service().get(made.machine, {}, {{"Name", "none"}}).instance);
    // "tty@1" the first time: how an instance is started is in no list.
    EXPECT_EQ(made.mock->stop(),
              (std::vector<std::string>{"GetUnitFileState tty@1.service", "GetAll web.service"}));
}

TEST(Service, InstancesOfTemplatesAreStartedAsTheManagerSays) {
    Bused made(instances());
    NEEDS_BUS(made);
    const auto rows = rows_of(service(), made.machine, {Wanted({"Name", "StartMode"}), {}});
    std::string modes;
    for (const auto& row : rows)
        modes += fmt::format("{}={} ", text_of(row, "Name"), row.text("StartMode").value_or("null"));
    EXPECT_EQ(modes,
              "gone@a=Disabled none@a=null off@a=Manual on@a=Auto on@b=Manual own@a=Auto still@a=Manual ");
    EXPECT_EQ(made.code("StartService", "gone@a"), 14u);
    EXPECT_EQ(made.code("ChangeStartMode", "gone@a", "Automatic"), 0u);
    // Once for each that is in no list, and of a method's for its own alone.
    const auto asked = made.mock->stop();
    EXPECT_EQ(std::count_if(asked.begin(), asked.end(),
                            [](const std::string& one) { return one.starts_with("GetUnitFileState"); }),
              8);
    EXPECT_EQ(std::count(asked.begin(), asked.end(), "UnmaskUnitFiles gone@a.service"), 1);
}

TEST(Service, WhoDoesNotWantToKnowHowItIsStartedDoesNotAskForIt) {
    Bused made(instances());
    NEEDS_BUS(made);
    EXPECT_EQ(rows_of(service(), made.machine, {Wanted({"Name", "State"}), {}}).size(), 7u);
    EXPECT_EQ(made.mock->stop(), std::vector<std::string>{});
}

TEST(Service, FiveThousandUnitsAreOneAnswer) {
    MockAnswers answers;
    for (unsigned at = 0; at < 5000; ++at) answers.units.push_back(unit(fmt::format("u{}.service", at)));
    Bused made(std::move(answers));
    NEEDS_BUS(made);
    EXPECT_EQ(rows_of(service(), made.machine, {Wanted({"Name", "State"}), {}}).size(), 5000u);
    SystemdOptions options;
    options.address = made.bus.address();
    options.most_units = 4999;
    made.use(options);
    Gathered gathered;
    const auto fault = service().enumerate(made.machine, {}, gathered);
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->kind, Fault::Kind::too_many);
}

TEST(Service, WhatDoesNotAnswerIsAFault) {
    for (const char* method : {"ListUnits", "ListUnitFiles", "GetUnitFileState", "GetAll"}) {
        auto answers = method == std::string_view("GetUnitFileState") ? instances() : a_few();
        answers.silent = method;
        Bused made(std::move(answers), std::chrono::milliseconds(100));
        NEEDS_BUS(made);
        Gathered gathered;
        const auto fault = service().enumerate(made.machine, {}, gathered);
        ASSERT_TRUE(fault) << method;
        EXPECT_EQ(fault->kind, Fault::Kind::unreadable);
        EXPECT_TRUE(gathered.rows.empty());
    }
}

TEST(Service, WhatIsAnsweredInAnotherFormIsAFault) {
    for (const char* method : {"ListUnits", "ListUnitFiles"}) {
        auto answers = a_few();
        answers.nonsense = method;
        Bused made(std::move(answers));
        NEEDS_BUS(made);
        Gathered gathered;
        const auto fault = service().enumerate(made.machine, {}, gathered);
        ASSERT_TRUE(fault) << method;
        EXPECT_NE(fault->text().find("answered in another form"), std::string::npos) << fault->text();
    }
    auto answers = a_few();
    answers.nonsense = "GetAll";
    Bused made(std::move(answers));
    NEEDS_BUS(made);
    const auto rows = rows_of(service(), made.machine);
    EXPECT_EQ(rows.size(), 10u);
    EXPECT_TRUE(is_null(rows[0], "ProcessId"));
}

TEST(Service, AStateInAnotherFormIsNone) {
    auto answers = a_few();
    answers.nonsense = "GetUnitFileState";
    Bused made(std::move(answers));
    NEEDS_BUS(made);
    const auto rows = rows_of(service(), made.machine);
    ASSERT_EQ(rows.size(), 10u);
    EXPECT_TRUE(is_null(*row_of(rows, "Name", "tty@1"), "StartMode"));
    EXPECT_EQ(text_of(*row_of(rows, "Name", "web"), "StartMode"), "Auto");
}

TEST(Service, ABusThatAcceptsAndSaysNothingIsAFault) {
    Bused made({});
    NEEDS_BUS(made);
    const auto path = made.bus.folder() + "/dumb";
    const int listening = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(listening, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(listening, 1), 0);
    SystemdOptions options;
    options.address = "unix:path=" + path;
    options.patience = std::chrono::milliseconds(100);
    made.use(options);
    Gathered gathered;
    auto fault = service().enumerate(made.machine, {}, gathered);
    ASSERT_TRUE(fault);
    EXPECT_NE(fault->text().find("did not answer in time"), std::string::npos) << fault->text();
    ::close(listening);
    // And now nobody listens.
    fault = service().enumerate(made.machine, {}, gathered);
    ASSERT_TRUE(fault);
    EXPECT_NE(fault->text().find(path), std::string::npos) << fault->text();
}

TEST(Service, AMachineWithoutAManagerSaysSo) {
    MadeUp made;
    Gathered gathered;
    const auto fault = service().enumerate(made.machine, {}, gathered);
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->kind, Fault::Kind::unreadable);
    const Keys keys = {{"Name", "x"}};
    EXPECT_TRUE(service().invoke(made.machine, {"StartService", &keys, {}}).fault);
}

TEST(Service, StartsAndStopsAndWaitsForTheJob) {
    Bused made(a_few());
    NEEDS_BUS(made);
    EXPECT_EQ(made.code("startservice", "idle"), 0u);
    EXPECT_EQ(made.code("StopService", "Web"), 0u);
    EXPECT_EQ(made.code("StartService", "web"), 10u);
    EXPECT_EQ(made.code("StopService", "idle"), 5u);
    EXPECT_EQ(made.code("StartService", "hidden"), 14u);
    EXPECT_EQ(made.code("PauseService", "web"), 1u);
    EXPECT_EQ(made.code("InterrogateService", "web"), 0u);
    EXPECT_EQ(made.code("InterrogateService", "idle"), 6u);
    const auto none = made.call("StartService", "none");
    ASSERT_TRUE(none.fault);
    EXPECT_EQ(none.fault->kind, Fault::Kind::no_instance);
    EXPECT_EQ(made.call("Format", "web").fault->kind, Fault::Kind::no_method);
    EXPECT_EQ(made.mock->stop(), (std::vector<std::string>{"Subscribe", "StartUnit idle.service", "Subscribe",
                                                           "StopUnit web.service"}));
}

TEST(Service, SaysWhyAJobCameToNothing) {
    struct {
        const char* result;
        int status;
        std::uint64_t code;
    } const cases[] = {{"timeout", 0, 7}, {"dependency", 0, 13}, {"failed", 203, 9}, {"failed", 217, 15},
                       {"failed", 1, 8},  {"canceled", 0, 8},    {"skipped", 0, 0}};
    for (const auto& one : cases) {
        auto answers = a_few();
        answers.job_result = one.result;
        answers.units[1].status = one.status;
        Bused made(std::move(answers));
        NEEDS_BUS(made);
        EXPECT_EQ(made.code("StartService", "broken"), one.code) << one.result << one.status;
    }
}

TEST(Service, AJobThatDoesNotEndAndARefusal) {
    auto answers = a_few();
    answers.job_result = "never";
    answers.denied = "StopUnit";
    Bused made(std::move(answers));
    NEEDS_BUS(made);
    SystemdOptions options;
    options.address = made.bus.address();
    options.job_patience = std::chrono::milliseconds(100);
    made.use(options);
    EXPECT_EQ(made.code("StartService", "idle"), 7u);
    EXPECT_EQ(made.code("StopService", "web"), 2u);
}

TEST(Service, ChangesHowItIsStarted) {
    Bused made(a_few());
    NEEDS_BUS(made);
    EXPECT_EQ(made.code("ChangeStartMode", "idle", "Automatic"), 0u);
    EXPECT_EQ(made.code("ChangeStartMode", "hidden", "manual"), 0u);
    EXPECT_EQ(made.code("ChangeStartMode", "web", "Disabled"), 0u);
    EXPECT_EQ(made.code("ChangeStartMode", "web", "Boot"), 21u);
    EXPECT_EQ(
        made.mock->stop(),
        (std::vector<std::string>{"EnableUnitFiles idle.service", "Reload", "UnmaskUnitFiles hidden.service",
                                  "DisableUnitFiles hidden.service", "Reload", "DisableUnitFiles web.service",
                                  "MaskUnitFiles web.service", "Reload"}));
}

TEST(Service, WhatCannotBeEnabledOrMustNotBe) {
    auto answers = a_few();
    answers.meant = 0;
    answers.denied = "DisableUnitFiles";
    Bused made(std::move(answers));
    NEEDS_BUS(made);
    EXPECT_EQ(made.code("ChangeStartMode", "broken", "Automatic"), 1u);
    EXPECT_EQ(made.code("ChangeStartMode", "web", "Manual"), 2u);
}

// The first of two changes was made: without a reload the manager would go on with what was before.
TEST(Service, WhatWasChangedBeforeAFailureIsLoaded) {
    auto answers = a_few();
    answers.denied = "MaskUnitFiles";
    Bused made(std::move(answers));
    NEEDS_BUS(made);
    EXPECT_EQ(made.code("ChangeStartMode", "web", "Disabled"), 2u);
    EXPECT_EQ(made.mock->stop(), (std::vector<std::string>{"DisableUnitFiles web.service",
                                                           "MaskUnitFiles web.service", "Reload"}));
}

TEST(Service, AReloadThatIsRefusedIsTold) {
    auto answers = a_few();
    answers.denied = "Reload";
    Bused made(std::move(answers));
    NEEDS_BUS(made);
    EXPECT_EQ(made.code("ChangeStartMode", "web", "Manual"), 2u);
}

TEST(ServiceCodes, NamesOfUnits) {
    EXPECT_EQ(service_name("ssh.service"), "ssh");
    EXPECT_EQ(service_name("a@b.service"), "a@b");
    for (const char* none : {"", ".service", "a@.service", "a.socket", "service"})
        EXPECT_EQ(service_name(none), std::nullopt) << none;
}

TEST(ServiceCodes, HowItEnded) {
    UnitDetails details;
    details.active_state = "failed";
    details.result = "signal";
    details.exit_code = 2;
    details.exit_status = 9;
    EXPECT_EQ(exit_code(details), 137u);
    details.exit_status = 0;
    EXPECT_EQ(exit_code(details), 1067u);
    // Stopped by somebody's word: its process ended by a signal, and all is well.
    details = {};
    details.active_state = "inactive";
    details.result = "success";
    details.exit_code = 2;
    details.exit_status = 15;
    EXPECT_EQ(exit_code(details), std::nullopt);
    details.started = 1;
    EXPECT_EQ(exit_code(details), 0u);
    EXPECT_EQ(code_of(BusError{"org.freedesktop.systemd1.UnitMasked", ""}), 14u);
    EXPECT_EQ(code_of(BusError{"org.example.Unknown", ""}), 8u);
}

}  // namespace
}  // namespace mullion::cim
