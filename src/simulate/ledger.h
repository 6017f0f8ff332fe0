// What one host has seen, for tests to look at; and which of its faults are due. Used by every thread that
// serves the host.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "simulate/fleet.h"

namespace mullion::simulate {

// A snapshot.
struct Counts {
    std::uint64_t connections = 0;  // Taken; refused ones are apart.
    std::uint64_t connections_refused = 0;
    std::uint64_t connections_open = 0;
    std::uint64_t requests = 0;                     // HTTP, those of handshakes counted.
    std::array<std::uint64_t, step_count> steps{};  // Of them, by what they were.
    std::uint64_t shells_opened = 0;
    std::uint64_t shells_open = 0;
    std::uint64_t executions = 0;
    std::uint64_t faults = 0;
    std::deque<std::uint64_t> requests_per_connection;  // Of the last ones that ended.
    std::map<std::string, std::uint64_t> commands;      // Executions by CommandId.
    bool commands_forgotten = false;                    // There were more than are kept.
};

class Ledger {
public:
    void connected(bool refused);
    void disconnected(std::uint64_t requests);
    void request();
    void step(Step step);
    void shell_opened();
    void shells_open(std::uint64_t count);
    void executed(const std::string& command_id);
    void fault();
    [[nodiscard]] Counts counts() const;
    [[nodiscard]] std::uint64_t open_connections() const;  // Connections.

private:
    mutable std::mutex mutex_;
    Counts counts_;
};

}  // namespace mullion::simulate
