#include "cim/tests/mock_systemd.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <fmt/core.h>

namespace mullion::cim {
namespace {

constexpr const char* configuration =
    "<busconfig><type>custom</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>"
    "<policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow "
    "eavesdrop=\"true\"/>"
    "<allow own=\"*\"/></policy></busconfig>";

// It says where it listens when it does.
bool wait_for_line(int descriptor) {
    pollfd one = {descriptor, POLLIN, 0};
    std::array<char, 512> line;
    return ::poll(&one, 1, 30'000) == 1 && ::read(descriptor, line.data(), line.size()) > 0;
}

}  // namespace

PrivateBus::PrivateBus() {
    std::string name = (std::filesystem::temp_directory_path() / "mullion-bus-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) return;
    folder_ = name;
    const auto socket = folder_ + "/socket", file = folder_ + "/bus.conf";
    std::ofstream(file) << fmt::format(fmt::runtime(configuration), socket);
    std::array<int, 2> pipe = {-1, -1};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe[1], 3);
    std::string program = "dbus-daemon", config = "--config-file=" + file, nofork = "--nofork",
                print = "--print-address=3";
    std::array<char*, 5> words = {program.data(), config.data(), nofork.data(), print.data(), nullptr};
    const bool spawned =
        ::posix_spawnp(&pid_, program.c_str(), &actions, nullptr, words.data(), environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    ::close(pipe[1]);
    if (!spawned) pid_ = -1;
    if (spawned && wait_for_line(pipe[0])) address_ = "unix:path=" + socket;
    ::close(pipe[0]);
}

PrivateBus::~PrivateBus() {
    if (pid_ > 1) {
        ::kill(pid_, SIGTERM);
        ::waitpid(pid_, nullptr, 0);
    }
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
}

struct MockSystemd::State {
    MockAnswers answers;
    sd_bus* bus = nullptr;
    int wake = -1;
    std::atomic<bool> ending = false;
    std::vector<std::string> asked;
    unsigned jobs = 0;

    int file_state(sd_bus_message* call);
    int details(sd_bus_message* call);
    int act(sd_bus_message* call, const std::string& member);
    void change(const std::string& member, const std::string& unit);
    void serve();
};

namespace {

template <class Write>
int reply(sd_bus_message* call, Write&& write) {
    sd_bus_message* answer = nullptr;
    if (const int made = sd_bus_message_new_method_return(call, &answer); made < 0) return made;
    write(answer);
    const int sent = sd_bus_send(sd_bus_message_get_bus(call), answer, nullptr);
    sd_bus_message_unref(answer);
    return sent < 0 ? sent : 1;
}

void write_units(sd_bus_message* answer, const MockAnswers& answers) {
    sd_bus_message_open_container(answer, 'a', "(ssssssouso)");
    for (const auto& unit : answers.units)
        sd_bus_message_append(answer, "(ssssssouso)", unit.name.c_str(), unit.description.c_str(),
                              unit.load.c_str(), unit.active.c_str(), "sub", "", "/unit", 0, "", "/");
    sd_bus_message_close_container(answer);
}

void write_files(sd_bus_message* answer, const MockAnswers& answers) {
    sd_bus_message_open_container(answer, 'a', "(ss)");
    for (const auto& [name, state] : answers.files)
        sd_bus_message_append(answer, "(ss)", ("/lib/systemd/system/" + name).c_str(), state.c_str());
    sd_bus_message_close_container(answer);
}

// As systemd 252 has it. An enabled template says nothing of an instance: a link does.
std::string state_of(const MockAnswers& answers, const std::string& name) {
    const auto of_file = [&](const std::string& file) -> std::string {
        for (const auto& [known, state] : answers.files)
            if (known == file) return state;
        return {};
    };
    if (std::find(answers.links.begin(), answers.links.end(), name) != answers.links.end()) return "enabled";
    if (auto state = of_file(name); !state.empty()) return state;
    const auto at = name.find('@');
    if (at == std::string::npos) return {};
    const auto of_template = of_file(name.substr(0, at + 1) + ".service");
    return of_template == "enabled" || of_template == "indirect" ? "disabled" : of_template;
}

void write_text(sd_bus_message* answer, const char* name, const std::string& text) {
    sd_bus_message_append(answer, "{sv}", name, "s", text.c_str());
}

void write_commands(sd_bus_message* answer, const MockUnit& unit) {
    constexpr const char* type = "a(sasbttttuii)";
    sd_bus_message_open_container(answer, 'e', "sv");
    sd_bus_message_append(answer, "s", "ExecStart");
    sd_bus_message_open_container(answer, 'v', type);
    sd_bus_message_open_container(answer, 'a', "(sasbttttuii)");
    for (int times = 0; times < 2 && !unit.command.empty(); ++times) {
        sd_bus_message_open_container(answer, 'r', "sasbttttuii");
        sd_bus_message_append(answer, "s", unit.command.front().c_str());
        sd_bus_message_open_container(answer, 'a', "s");
        for (const auto& word : unit.command) sd_bus_message_append(answer, "s", word.c_str());
        sd_bus_message_close_container(answer);
        const std::uint64_t none = 0;
        sd_bus_message_append(answer, "bttttuii", 0, none, none, none, none, 0, 0, 0);
        sd_bus_message_close_container(answer);
    }
    for (int open = 0; open < 3; ++open) sd_bus_message_close_container(answer);
}

void write_details(sd_bus_message* answer, const MockUnit& unit) {
    sd_bus_message_open_container(answer, 'a', "{sv}");
    write_text(answer, "Id", unit.name);
    sd_bus_message_append(answer, "{sv}", "Names", "as", 1, unit.name.c_str());
    write_text(answer, "Description", unit.description);
    write_text(answer, "LoadState", unit.load);
    write_text(answer, "ActiveState", unit.active);
    write_text(answer, "User", unit.user);
    write_text(answer, "Result", unit.result);
    sd_bus_message_append(answer, "{sv}", "MainPID", "u", unit.process);
    sd_bus_message_append(answer, "{sv}", "ExecMainCode", "i", unit.code);
    sd_bus_message_append(answer, "{sv}", "ExecMainStatus", "i", unit.status);
    sd_bus_message_append(answer, "{sv}", "ExecMainStartTimestamp", "t", unit.started);
    sd_bus_message_append(answer, "{sv}", "CanStop", "b", 1);
    // Of another type than it should be.
    sd_bus_message_append(answer, "{sv}", "CanStart", "s", "yes");
    write_commands(answer, unit);
    sd_bus_message_close_container(answer);
}

int refuse(sd_bus_message* call) {
    return sd_bus_reply_method_errorf(call, "org.freedesktop.DBus.Error.AccessDenied", "no");
}

int answer_job(sd_bus_message* call, unsigned job, const std::string& unit, const std::string& result) {
    const auto path = fmt::format("/org/freedesktop/systemd1/job/{}", job);
    const auto tell = [&](const std::string& which, const std::string& how) {
        sd_bus_emit_signal(sd_bus_message_get_bus(call), "/org/freedesktop/systemd1",
                           "org.freedesktop.systemd1.Manager", "JobRemoved", "uoss", job, which.c_str(),
                           unit.c_str(), how.c_str());
    };
    // Somebody else's first; and ours ends before anybody could read which it is.
    tell("/org/freedesktop/systemd1/job/9999", "canceled");
    if (result != "never") tell(path, result);
    return sd_bus_reply_method_return(call, "o", path.c_str());
}

}  // namespace

int MockSystemd::on_call(sd_bus_message* call, void* user_data, sd_bus_error*) {
    auto& state = *static_cast<State*>(user_data);
    const std::string member = sd_bus_message_get_member(call);
    if (member == state.answers.silent) return 1;
    if (member == state.answers.nonsense) return sd_bus_reply_method_return(call, "u", 1);
    if (member == "ListUnits") return reply(call, [&](auto* to) { write_units(to, state.answers); });
    if (member == "ListUnitFiles") return reply(call, [&](auto* to) { write_files(to, state.answers); });
    if (member == "GetUnitFileState") return state.file_state(call);
    if (member == "GetAll") return state.details(call);
    if (member == "Subscribe" || member == "Reload") state.asked.push_back(member);
    if (member == "Reload" && member == state.answers.denied) return refuse(call);
    if (member == "Subscribe" || member == "Reload") return sd_bus_reply_method_return(call, "");
    return state.act(call, member);
}

int MockSystemd::State::file_state(sd_bus_message* call) {
    const char* told = nullptr;
    sd_bus_message_read(call, "s", &told);
    const std::string name = told ? told : "";
    asked.push_back("GetUnitFileState " + name);
    const auto state = state_of(answers, name);
    if (state.empty())
        return sd_bus_reply_method_errorf(call, "org.freedesktop.DBus.Error.FileNotFound",
                                          "No such file or directory");
    return sd_bus_reply_method_return(call, "s", state.c_str());
}

int MockSystemd::State::details(sd_bus_message* call) {
    char* name = nullptr;
    sd_bus_path_decode(sd_bus_message_get_path(call), "/org/freedesktop/systemd1/unit", &name);
    const std::unique_ptr<char, void (*)(void*)> owned(name, std::free);
    const char* interface = nullptr;
    sd_bus_message_read(call, "s", &interface);
    asked.push_back(fmt::format("GetAll {}", name ? name : ""));
    for (const auto& unit : answers.units)
        if (name && interface && *interface == '\0' && unit.name == name)
            return reply(call, [&](auto* to) { write_details(to, unit); });
    MockUnit unknown;
    unknown.name = name ? name : "";
    unknown.active = "inactive";
    unknown.description = "loaded " + unknown.name;
    unknown.started = 0;
    return reply(call, [&](auto* to) { write_details(to, unknown); });
}

void MockSystemd::State::change(const std::string& member, const std::string& name) {
    for (auto& unit : answers.units) {
        if (unit.name != name) continue;
        if (member == "StartUnit") unit.active = "active";
        if (member != "StopUnit") continue;
        unit.active = "inactive";
        unit.process = 0;
    }
}

int MockSystemd::State::act(sd_bus_message* call, const std::string& member) {
    const char *unit = nullptr, *mode = "";
    const bool job = member == "StartUnit" || member == "StopUnit";
    if (job) {
        sd_bus_message_read(call, "ss", &unit, &mode);
    } else {
        sd_bus_message_enter_container(call, 'a', "s");
        sd_bus_message_read(call, "s", &unit);
    }
    asked.push_back(fmt::format("{} {}", member, unit ? unit : "?"));
    if (member == answers.denied) return refuse(call);
    if (unit && answers.units_change) change(member, unit);
    if (job && std::strcmp(mode, "replace") == 0)
        return answer_job(call, ++jobs, unit ? unit : "", answers.job_result);
    if (member == "EnableUnitFiles") return sd_bus_reply_method_return(call, "ba(sss)", answers.meant, 0);
    return sd_bus_reply_method_return(call, "a(sss)", 0);
}

MockSystemd::MockSystemd(const std::string& address, MockAnswers answers)
    : state_(std::make_unique<State>()) {
    state_->answers = std::move(answers);
    state_->wake = ::eventfd(0, EFD_CLOEXEC);
    auto*& bus = state_->bus;
    EXPECT_GE(sd_bus_new(&bus), 0);
    EXPECT_GE(sd_bus_set_address(bus, address.c_str()), 0);
    EXPECT_GE(sd_bus_set_bus_client(bus, 1), 0);
    EXPECT_GE(sd_bus_start(bus), 0);
    EXPECT_GE(sd_bus_request_name(bus, "org.freedesktop.systemd1", 0), 0);
    EXPECT_GE(sd_bus_add_fallback(bus, nullptr, "/org/freedesktop/systemd1", on_call, state_.get()), 0);
    thread_ = std::thread([this] { state_->serve(); });
}

// From here on the connection is this thread's.
void MockSystemd::State::serve() {
    while (!ending) {
        const int done = sd_bus_process(bus, nullptr);
        if (done < 0) return;
        if (done > 0) continue;
        std::array<pollfd, 2> wait = {
            {{sd_bus_get_fd(bus), static_cast<short>(sd_bus_get_events(bus)), 0}, {wake, POLLIN, 0}}};
        ::poll(wait.data(), wait.size(), -1);
    }
}

std::vector<std::string> MockSystemd::stop() {
    if (thread_.joinable()) {
        state_->ending = true;
        const std::uint64_t one = 1;
        EXPECT_EQ(::write(state_->wake, &one, sizeof one), static_cast<ssize_t>(sizeof one));
        thread_.join();
    }
    return state_->asked;
}

MockSystemd::~MockSystemd() {
    (void)stop();
    sd_bus_close_unref(state_->bus);
    ::close(state_->wake);
}

}  // namespace mullion::cim
