#include "monitor/tests/running_monitor.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "os/seqpacket.h"
#include "os/user.h"

namespace mullion::monitor {

StateFolder::StateFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mullion-monitor-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data()) == nullptr ? "" : pattern;
    EXPECT_FALSE(path_.empty());
    if (os::is_root()) write_list(os::current_user().value().name + "\n");
}

StateFolder::~StateFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

void StateFolder::write_list(const std::string& text) const {
    const auto written = os::write_file_atomic(list(), text);
    EXPECT_TRUE(written.ok());
}

std::uint64_t Event::token() const {
    return std::visit([](const auto& one) { return one.token; }, message);
}

RunningMonitor::RunningMonitor(const std::string& state) {
    auto pair = os::make_seqpacket_pair().value();
    socket_ = std::move(pair.first);
    const int end = pair.second.get();
    pid_ = ::fork();
    if (pid_ == 0) {
        ::dup2(end, 3);  // Never 3 itself here: the test's own descriptors come first.
        if (end == 3) ::fcntl(3, F_SETFD, 0);
        ::execl(MULLION_MONITOR, "mullion-monitor", "--state", state.c_str(), nullptr);
        ::_exit(99);
    }
}

RunningMonitor::~RunningMonitor() {
    close_socket();
    if (pid_ > 0) {
        EXPECT_EQ(wait(), 0);
    }
}

int RunningMonitor::wait() {
    int status = 0;
    EXPECT_EQ(::waitpid(pid_, &status, 0), pid_);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void RunningMonitor::send_bytes(const std::string& bytes) {
    const auto sent = os::send_packet(socket_.get(), bytes);
    EXPECT_TRUE(sent.ok()) << sent.error().message();
}
void RunningMonitor::send(const os::ToMonitor& message) {
    send_bytes(os::encode(message));
}

Event RunningMonitor::next() {
    if (!kept_.empty()) {
        Event first = std::move(kept_.front());
        kept_.erase(kept_.begin());
        return first;
    }
    pollfd wait{socket_.get(), POLLIN, 0};
    EXPECT_EQ(::poll(&wait, 1, 20'000), 1) << "no message";
    auto packet = os::receive_packet(socket_.get(), 3).value();
    auto message = os::decode_from_monitor(packet.bytes);
    EXPECT_TRUE(message.has_value()) << "the monitor ended";
    if (!message) return {os::SpawnFailed{0, EPIPE, "gone"}, {}};
    return {*message, std::move(packet.descriptors)};
}

Event RunningMonitor::next_of(std::uint64_t token) {
    for (auto one = kept_.begin(); one != kept_.end(); ++one) {
        if (one->token() != token) continue;
        Event found = std::move(*one);
        kept_.erase(one);
        return found;
    }
    std::vector<Event> others = std::move(kept_);
    kept_.clear();
    for (;;) {
        Event event = next();
        const bool gone = std::holds_alternative<os::SpawnFailed>(event.message) && event.token() == 0;
        if (event.token() == token || gone) {
            kept_ = std::move(others);
            return event;
        }
        others.push_back(std::move(event));
    }
}

Outcome RunningMonitor::run(const std::string& script, const std::string& input) {
    return run(shell(++last_token_, script), input);
}

Outcome RunningMonitor::run(os::SpawnRequest request, const std::string& input) {
    Outcome outcome;
    send(request);
    Event event = next_of(request.token);
    if (const auto* failed = std::get_if<os::SpawnFailed>(&event.message)) {
        outcome.failure = *failed;
        return outcome;
    }
    outcome.started = std::holds_alternative<os::Spawned>(event.message);
    EXPECT_EQ(event.descriptors.size(), 3U);
    if (event.descriptors.size() != 3) return outcome;
    EXPECT_EQ(::write(event.descriptors[0].get(), input.data(), input.size()),
              static_cast<ssize_t>(input.size()));
    event.descriptors[0].reset();
    outcome.output = read_until(event.descriptors[1]);
    outcome.error = read_until(event.descriptors[2]);
    outcome.exited = std::get<os::Exited>(next_of(request.token).message);
    send(os::Release{request.token});
    return outcome;
}

long RunningMonitor::descriptors() {
    settle();
    const std::filesystem::directory_iterator all("/proc/" + std::to_string(worker()) + "/fd");
    return std::distance(all, std::filesystem::directory_iterator());
}

void RunningMonitor::settle() {
    // Messages are handled in order, so what was sent before this refusal has been done.
    os::SpawnRequest refused = shell(++last_token_, "");
    refused.environment = {{"LD_SETTLE", ""}};
    send(refused);
    (void)next_of(refused.token);
}

std::vector<pid_t> RunningMonitor::children() {
    settle();
    return children_of(worker());
}

pid_t RunningMonitor::worker() {
    settle();  // It is there, and has its name.
    for (const pid_t child : children_of(pid_)) {
        std::ifstream file("/proc/" + std::to_string(child) + "/comm");
        std::string name;
        if (std::getline(file, name) && name == "mullion-monitor") return child;
    }
    ADD_FAILURE() << "no monitor below its keeper";
    return -1;
}

os::SpawnRequest shell(std::uint64_t token, const std::string& script) {
    return {token, os::current_user().value().name, {"/bin/sh", "-c", script}, {}, "/"};
}

std::string read_until(const os::UniqueFd& pipe, const std::string& until) {
    std::string text;
    std::array<char, 4096> part{};
    pollfd wait{pipe.get(), POLLIN, 0};
    while (until.empty() || text.find(until) == std::string::npos) {
        if (::poll(&wait, 1, 20'000) != 1) {
            ADD_FAILURE() << "no end of output after: " << text;
            break;
        }
        const ssize_t got = ::read(pipe.get(), part.data(), part.size());
        if (got <= 0) break;
        text.append(part.data(), static_cast<std::size_t>(got));
    }
    return text;
}

std::vector<pid_t> children_of(pid_t pid) {
    const std::string name = std::to_string(pid);
    std::ifstream list("/proc/" + name + "/task/" + name + "/children");
    std::vector<pid_t> out;
    for (pid_t one = 0; list >> one;) out.push_back(one);
    return out;
}

bool group_exists(pid_t leader) {
    return ::kill(-leader, 0) == 0;
}

}  // namespace mullion::monitor
