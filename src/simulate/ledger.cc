#include "simulate/ledger.h"

namespace mullion::simulate {
namespace {

// Of one host: enough for any test, and bounded for a load that runs for days.
constexpr std::size_t most_connections = 1'000;
constexpr std::size_t most_commands = 10'000;

}  // namespace

void Ledger::connected(bool refused) {
    const std::lock_guard lock(mutex_);
    if (refused) {
        ++counts_.connections_refused;
        return;
    }
    ++counts_.connections;
    ++counts_.connections_open;
}

void Ledger::disconnected(std::uint64_t requests) {
    const std::lock_guard lock(mutex_);
    --counts_.connections_open;
    counts_.requests_per_connection.push_back(requests);
    if (counts_.requests_per_connection.size() > most_connections)
        counts_.requests_per_connection.pop_front();
}

void Ledger::request() {
    const std::lock_guard lock(mutex_);
    ++counts_.requests;
}

void Ledger::step(Step step) {
    const std::lock_guard lock(mutex_);
    ++counts_.steps.at(static_cast<std::size_t>(step));
}

void Ledger::shell_opened() {
    const std::lock_guard lock(mutex_);
    ++counts_.shells_opened;
}

void Ledger::shells_open(std::uint64_t count) {
    const std::lock_guard lock(mutex_);
    counts_.shells_open = count;
}

void Ledger::executed(const std::string& command_id) {
    const std::lock_guard lock(mutex_);
    ++counts_.executions;
    const auto found = counts_.commands.find(command_id);
    if (found != counts_.commands.end()) {
        ++found->second;
    } else if (counts_.commands.size() < most_commands) {
        counts_.commands.emplace(command_id, 1);
    } else {
        counts_.commands_forgotten = true;
    }
}

void Ledger::fault() {
    const std::lock_guard lock(mutex_);
    ++counts_.faults;
}

std::uint64_t Ledger::open_connections() const {
    const std::lock_guard lock(mutex_);
    return counts_.connections_open;
}

Counts Ledger::counts() const {
    const std::lock_guard lock(mutex_);
    return counts_;
}

}  // namespace mullion::simulate
