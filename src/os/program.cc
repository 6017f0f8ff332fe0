#include "os/program.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "core/secret.h"
#include "os/file.h"

namespace mullion::os {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t most_output = 1024 * 1024;
constexpr std::string_view folders_of_root = ":/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin";

struct Pipe {
    UniqueFd reads, writes;
};

Result<Pipe> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return system_error(ErrorId::usage_file, "make a pipe", errno);
    return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

std::vector<std::string> english_environment() {
    std::vector<std::string> out{"LC_ALL=C"};
    for (char** one = environ; *one != nullptr; ++one)
        if (std::string_view(*one).rfind("LC_ALL=", 0) != 0) out.emplace_back(*one);
    return out;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> out;
    for (auto& word : words) out.push_back(word.data());
    out.push_back(nullptr);
    return out;
}

// In a group of its own: what it started is killed with it.
Result<pid_t> start(const std::string& path, std::vector<std::string> words, const Pipe& out,
                    const Pipe& errors) {
    auto environment = english_environment();
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out.writes.get(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, errors.writes.get(), STDERR_FILENO);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGXFSZ);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    pid_t pid = -1;
    const int problem = posix_spawn(&pid, path.c_str(), &actions, &attributes, pointers(words).data(),
                                    pointers(environment).data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (problem != 0) return system_error(ErrorId::usage_file, "start " + path, problem);
    return pid;
}

// What a program writes may be a token: growing leaves no copy behind.
void append_wiped(std::string& into, std::string_view part) {
    if (into.capacity() - into.size() < part.size()) {
        std::string larger;
        larger.reserve(2 * (into.size() + part.size()));
        larger.append(into);
        wipe(into);
        into = std::move(larger);
        wipe(larger);  // A short string stays where it was.
    }
    into.append(part);
}

// False at the end of the pipe.
bool read_more(int descriptor, std::string& into) {
    std::array<char, 16384> part{};
    const auto count = ::read(descriptor, part.data(), part.size());
    if (count < 0 && errno == EINTR) return true;
    if (count <= 0) return false;
    const auto room = most_output - std::min(into.size(), most_output);
    append_wiped(into, {part.data(), std::min(static_cast<std::size_t>(count), room)});
    wipe_memory(part.data(), static_cast<std::size_t>(count));
    return true;
}

// True when both were read to their end in time.
bool listen_to(const Pipe& out, const Pipe& errors, ProgramEnd& end, Steady::time_point until) {
    std::array<pollfd, 2> both{{{out.reads.get(), POLLIN, 0}, {errors.reads.get(), POLLIN, 0}}};
    while (both[0].fd >= 0 || both[1].fd >= 0) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now()).count();
        if (left <= 0) return false;
        if (::poll(both.data(), both.size(), static_cast<int>(std::min<long long>(left, 60'000))) < 0)
            continue;
        if (both[0].revents != 0 && !read_more(both[0].fd, end.output)) both[0].fd = -1;
        if (both[1].revents != 0 && !read_more(both[1].fd, end.errors)) both[1].fd = -1;
    }
    return true;
}

}  // namespace

std::string find_on_path(const std::string& name) {
    if (name.find('/') != std::string::npos) return ::access(name.c_str(), X_OK) == 0 ? name : "";
    const char* const path = std::getenv("PATH");
    std::string folders = path == nullptr ? "" : path;
    folders += folders_of_root;
    std::string_view rest = folders;
    while (!rest.empty()) {
        const auto folder = rest.substr(0, rest.find(':'));
        rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
        if (folder.empty() || folder.front() != '/') continue;  // Never the folder one happens to be in.
        const std::string found = fmt::format("{}/{}", folder, name);
        if (::access(found.c_str(), X_OK) == 0) return found;
    }
    return {};
}

Result<ProgramEnd> run_program(const std::vector<std::string>& words, Duration patience) {
    const std::string path = find_on_path(words.front());
    if (path.empty()) return Error(ErrorId::usage_file, words.front() + " is not installed");
    MULLION_ASSIGN(Pipe out, make_pipe());
    MULLION_ASSIGN(Pipe errors, make_pipe());
    MULLION_ASSIGN(const pid_t pid, start(path, words, out, errors));
    out.writes.reset();
    errors.writes.reset();
    ProgramEnd end;
    const bool ended = listen_to(out, errors, end, Steady::now() + patience);
    if (!ended) ::kill(-pid, SIGKILL);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (!ended)
        return Error(ErrorId::usage_file,
                     fmt::format("{} did not end within {} s", words.front(), patience.count() / 1000));
    end.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return end;
}

}  // namespace mullion::os
