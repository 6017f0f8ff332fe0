#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <iterator>

#include <fmt/core.h>

#include "cim/classes/classes.h"
#include "cim/start_process.h"
#include "cim/tests/made_up.h"

namespace mullion::cim {
namespace {

MethodCall create(const std::string& command, const std::string& folder = {}) {
    MethodCall call = {"Create", nullptr, {{"CommandLine", Scalar(command)}}};
    if (!folder.empty()) call.arguments.emplace_back("CurrentDirectory", Scalar(folder));
    return call;
}

std::uint64_t code_of(const MethodOutcome& outcome) {
    EXPECT_FALSE(outcome.fault) << outcome.fault->text();
    const auto* scalar = std::get_if<Scalar>(&outcome.return_value);
    return scalar ? std::get<std::uint64_t>(*scalar) : 9999;
}

std::uint64_t process_of(const MethodOutcome& outcome) {
    if (outcome.outputs.size() != 1 || outcome.outputs[0].first != "ProcessId") return 0;
    return std::get<std::uint64_t>(std::get<Scalar>(outcome.outputs[0].second));
}

MethodOutcome terminate(const Machine& machine, const std::string& handle) {
    const Keys keys = {{"Handle", handle}};
    return process().invoke(machine, {"Terminate", &keys, {{"Reason", Scalar(std::uint64_t{1})}}});
}

// A pipe with a name, at which a started command is waited for.
class Door {
public:
    Door() : path_(made_.machine.below_root("/door")) {
        EXPECT_EQ(::mkfifo(path_.c_str(), 0600), 0);
        descriptor_ = ::open(path_.c_str(), O_RDWR | O_CLOEXEC);
    }
    Door(const Door&) = delete;
    Door& operator=(const Door&) = delete;
    ~Door() { ::close(descriptor_); }
    [[nodiscard]] std::string line() const {
        std::string text;
        pollfd one = {descriptor_, POLLIN, 0};
        char c = 0;
        while (::poll(&one, 1, 30'000) == 1 && ::read(descriptor_, &c, 1) == 1 && c != '\n') text += c;
        return text;
    }
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string folder() const { return made_.machine.root; }

private:
    MadeUp made_;
    std::string path_;
    int descriptor_ = -1;
};

// Waits until it is gone, by a descriptor of it.
bool ends(int descriptor) {
    pollfd one = {descriptor, POLLIN, 0};
    return ::poll(&one, 1, 30'000) == 1;
}

TEST(ProcessMethods, CreatesByTheShellInASessionOfItsOwn) {
    const Door door, hold;
    const auto machine = this_machine();
    // Its number, its session, where it is, and which files it has open.
    const auto command = fmt::format(
        "read -r all < /proc/$$/stat; set -- $all; ls -l /proc/$$/fd > files; echo \"$$ $6 $PWD\" > {}; read "
        "-r "
        "x < {}",
        door.path(), hold.path());
    // Whatever this process has open, and did not mark, must not be there.
    std::array<int, 2> kept = {-1, -1};
    ASSERT_EQ(::pipe(kept.data()), 0);
    const auto outcome = process().invoke(machine, create(command, door.folder()));
    ASSERT_EQ(code_of(outcome), 0u);
    const auto id = process_of(outcome);
    EXPECT_EQ(door.line(), fmt::format("{0} {0} {1}", id, door.folder()));
    std::ifstream files(door.folder() + "/files");
    const std::string open(std::istreambuf_iterator<char>(files), {});
    EXPECT_NE(open.find(" 0 -> /dev/null"), std::string::npos) << open;
    EXPECT_NE(open.find(" 2 -> /dev/null"), std::string::npos) << open;
    EXPECT_EQ(open.find("pipe:"), std::string::npos) << open;
    const int watched = static_cast<int>(::syscall(SYS_pidfd_open, static_cast<pid_t>(id), 0));
    ASSERT_GE(watched, 0);
    const auto found = process().get(machine, {}, {{"Handle", fmt::format("{}", id)}});
    ASSERT_TRUE(found.instance);
    EXPECT_NE(number_of(*found.instance, "ParentProcessId"), static_cast<std::uint64_t>(::getpid()));
    EXPECT_EQ(code_of(terminate(machine, fmt::format("{}", id))), 0u);
    EXPECT_TRUE(ends(watched));
    ::close(watched);
    ::close(kept[0]);
    ::close(kept[1]);
}

TEST(ProcessMethods, SaysWhyNothingWasStarted) {
    const auto machine = this_machine();
    MadeUp made;
    made.file("/plain", "no program").folder("/folder");
    const auto plain = made.machine.below_root("/plain");
    EXPECT_EQ(code_of(process().invoke(machine, create(""))), 21u);
    EXPECT_EQ(code_of(process().invoke(machine, create(" \t\n"))), 21u);
    EXPECT_EQ(code_of(process().invoke(machine, {"Create", nullptr, {}})), 21u);
    EXPECT_EQ(code_of(process().invoke(machine, create(std::string(40'000, 'a')))), 21u);
    EXPECT_EQ(code_of(process().invoke(machine, create(std::string("true\0false", 10)))), 21u);
    EXPECT_EQ(code_of(process().invoke(machine, create("/none/such -x"))), 9u);
    EXPECT_EQ(code_of(process().invoke(machine, create("true", "/none/such"))), 9u);
    EXPECT_EQ(code_of(process().invoke(machine, create("true", plain))), 9u);
    EXPECT_EQ(code_of(process().invoke(machine, create(plain))), 2u);
    EXPECT_EQ(code_of(process().invoke(machine, create("./plain", made.machine.root))), 2u);
    EXPECT_EQ(code_of(process().invoke(machine, create("./folder", made.machine.root))), 2u);
    EXPECT_EQ(code_of(process().invoke(made.machine, create("true"))), 8u);
}

TEST(ProcessMethods, TerminatesOnlyProcesses) {
    auto machine = this_machine();
    std::vector<std::uint64_t> killed;
    machine.kill = [&](std::uint64_t id) {
        killed.push_back(id);
        return EPERM;
    };
    for (const char* handle : {"0", "-1", "", "1x", "18446744073709551615", "4294967295"}) {
        const auto outcome = terminate(machine, handle);
        ASSERT_TRUE(outcome.fault) << handle;
        EXPECT_EQ(outcome.fault->kind, Fault::Kind::no_instance);
    }
    EXPECT_TRUE(killed.empty());
    EXPECT_EQ(code_of(terminate(machine, fmt::format("{}", ::getpid()))), 2u);
    EXPECT_EQ(killed, (std::vector<std::uint64_t>{static_cast<std::uint64_t>(::getpid())}));
    machine.kill = [](std::uint64_t) { return ESRCH; };
    EXPECT_TRUE(terminate(machine, fmt::format("{}", ::getpid())).fault);
    // What is no number of a process never reaches kill(2), where it would be a group or everybody.
    for (const std::uint64_t id : {std::uint64_t{0}, ~std::uint64_t{0}, std::uint64_t{0xFFFF'FFFF}})
        EXPECT_EQ(kill_process(id), ESRCH);
}

TEST(ProcessMethods, TellsTheOwner) {
    const auto machine = this_machine();
    const Keys keys = {{"Handle", fmt::format("{}", ::getpid())}};
    const auto outcome = process().invoke(machine, {"getOWNER", &keys, {}});
    ASSERT_EQ(code_of(outcome), 0u);
    const auto* entry = ::getpwuid(::getuid());
    ASSERT_EQ(outcome.outputs.size(), 2u);
    EXPECT_EQ(outcome.outputs[0].first, "User");
    EXPECT_EQ(std::get<std::string>(std::get<Scalar>(outcome.outputs[0].second)),
              entry ? entry->pw_name : fmt::format("{}", ::getuid()));
    EXPECT_EQ(outcome.outputs[1].first, "Domain");
    // A static one of an instance, and the other way round: there is no such method.
    EXPECT_TRUE(process().invoke(machine, {"Create", &keys, {}}).fault);
    EXPECT_TRUE(process().invoke(machine, {"Terminate", nullptr, {}}).fault);
}

}  // namespace
}  // namespace mullion::cim
