// The real mullion-monitor, with this process as its network process.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "os/file.h"
#include "os/spawn_messages.h"

namespace mullion::monitor {

// A state directory that is gone at the end of the test.
class StateFolder {
public:
    StateFolder();
    StateFolder(const StateFolder&) = delete;
    StateFolder& operator=(const StateFolder&) = delete;
    ~StateFolder();
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string list() const { return path_ + "/shell-users"; }
    void write_list(const std::string& text) const;

private:
    std::string path_;
};

struct Event {
    os::FromMonitor message;
    std::vector<os::UniqueFd> descriptors;
    [[nodiscard]] std::uint64_t token() const;
};

struct Outcome {
    bool started = false;
    os::SpawnFailed failure;  // When it did not start.
    std::string output;
    std::string error;
    os::Exited exited;
};

class RunningMonitor {
public:
    explicit RunningMonitor(const std::string& state);
    RunningMonitor(const RunningMonitor&) = delete;
    RunningMonitor& operator=(const RunningMonitor&) = delete;
    ~RunningMonitor();  // Closes the socket and waits for the end.

    // The process that was started: the keeper. Its child, which does the work, is the worker.
    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] pid_t worker();
    [[nodiscard]] int socket() const { return socket_.get(); }
    void send(const os::ToMonitor& message);
    void send_bytes(const std::string& bytes);
    // The next message, or a failed test after 20 s.
    [[nodiscard]] Event next();
    // The next that is about this token; others are kept for their time.
    [[nodiscard]] Event next_of(std::uint64_t token);

    // `sh -c SCRIPT` as this user to its end, released.
    [[nodiscard]] Outcome run(const std::string& script, const std::string& input = "");
    [[nodiscard]] Outcome run(os::SpawnRequest request, const std::string& input = "");

    void close_socket() { socket_.reset(); }
    // Of the keeper, when both are gone: exit status, or 128 + signal.
    [[nodiscard]] int wait();
    // Of the worker: entries of its /proc/PID/fd and children, zombies included.
    [[nodiscard]] long descriptors();
    [[nodiscard]] std::vector<pid_t> children();

private:
    void settle();

    os::UniqueFd socket_;
    pid_t pid_ = -1;
    std::vector<Event> kept_;
    std::uint64_t last_token_ = 1'000'000;
};

// `sh -c SCRIPT` as the user that runs the test.
[[nodiscard]] os::SpawnRequest shell(std::uint64_t token, const std::string& script);
// Up to the end, or up to and with `until`.
[[nodiscard]] std::string read_until(const os::UniqueFd& pipe, const std::string& until = "");
[[nodiscard]] std::vector<pid_t> children_of(pid_t pid);
[[nodiscard]] bool group_exists(pid_t leader);

}  // namespace mullion::monitor
