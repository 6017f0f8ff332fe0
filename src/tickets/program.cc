#include "tickets/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

namespace mullion::tickets {
namespace {

constexpr std::size_t kept = 1000;  // Of what it says, the end.

class Descriptor {
public:
    explicit Descriptor(int number = -1) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { close(); }
    [[nodiscard]] int get() const { return number_; }
    void reset(int number) {
        close();
        number_ = number;
    }
    void close() {
        if (number_ >= 0) ::close(std::exchange(number_, -1));
    }

private:
    int number_;
};

Error failure(const Program& program, const std::string& what) {
    return {ErrorId::kerberos_kinit, fmt::format("{}: {}", program.words.front(), what)};
}

std::string reason(int number) {
    return std::generic_category().message(number);
}

bool make_pipe(Descriptor& reader, Descriptor& writer) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    reader.reset(ends[0]);
    writer.reset(ends[1]);
    return true;
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
    std::vector<char*> list;
    for (const auto& word : words) list.push_back(const_cast<char*>(word.c_str()));  // posix_spawn's type.
    list.push_back(nullptr);
    return list;
}

// errno, or 0.
int spawn(const Program& program, int input, int errors, pid_t& child) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
    ::posix_spawnattr_init(&attributes);
    // No terminal that it could ask on, and signals as a shell would give them.
    ::posix_spawnattr_setflags(&attributes,
                               POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    const auto words = pointers(program.words), environment = pointers(program.environment);
    const int number =
        ::posix_spawnp(&child, words.front(), &actions, &attributes, words.data(), environment.data());
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    return number;
}

// Before anybody reads: a pipe holds 64 KiB. False: it is longer than that.
bool put_into(int pipe, const Secret& input) {
    ::fcntl(pipe, F_SETFL, O_NONBLOCK);
    const auto text = input.expose();
    return ::write(pipe, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
           ::write(pipe, "\n", 1) == 1;
}

// What it says, until it ends; nothing: the deadline came first. Its pipe may outlive it in other hands, so
// the process is looked at itself, every few milliseconds (a pidfd would wake us, from Linux 5.3 on).
std::optional<int> listen_to(pid_t child, int errors, MonotonicTime deadline, std::string& said) {
    constexpr int tick = 20;
    bool open = true;
    while (true) {
        int status = 0;
        const bool ended = ::waitpid(child, &status, WNOHANG) == child;
        pollfd watched{open ? errors : -1, POLLIN, 0};
        (void)::poll(&watched, 1, ended ? 0 : tick);
        std::array<char, 4096> buffer{};
        const auto got = watched.revents != 0 ? ::read(errors, buffer.data(), buffer.size()) : -1;
        if (got > 0) said.append(buffer.data(), static_cast<std::size_t>(got));
        if (got == 0) open = false;
        if (said.size() > 2 * kept) said.erase(0, said.size() - kept);
        if (ended) return status;
        if (deadline <= std::chrono::steady_clock::now()) return std::nullopt;
    }
}

std::string printable(std::string said) {
    if (said.size() > kept) said.erase(0, said.size() - kept);
    for (auto& c : said) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    }
    while (said.ends_with(' ')) said.pop_back();
    return said.empty() ? "it said nothing" : said;
}

}  // namespace

Result<void> run_program(const Program& program, const Secret& input, MonotonicTime deadline) {
    Descriptor in_reader, in_writer, errors_reader, errors_writer;
    if (!make_pipe(in_reader, in_writer) || !make_pipe(errors_reader, errors_writer))
        return failure(program, reason(errno));
    if (!put_into(in_writer.get(), input)) return failure(program, "the password does not fit into a pipe");
    in_writer.close();
    pid_t child = -1;
    if (const int number = spawn(program, in_reader.get(), errors_writer.get(), child); number != 0)
        return failure(program, reason(number));
    in_reader.close();
    errors_writer.close();
    std::string said;
    const auto status = listen_to(child, errors_reader.get(), deadline, said);
    ::kill(-child, SIGKILL);  // With all that it started.
    if (!status) {
        while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
        }
        return failure(program, "it did not end in time: " + printable(said));
    }
    if (WIFEXITED(*status) && WEXITSTATUS(*status) == 0) return {};
    const auto how = WIFEXITED(*status) ? fmt::format("exit {}", WEXITSTATUS(*status))
                                        : fmt::format("ended by signal {}", WTERMSIG(*status));
    return failure(program, how + ": " + printable(said));
}

}  // namespace mullion::tickets
