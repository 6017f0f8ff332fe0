// What every command over many hosts has around its work: threads, signals, output, progress, exit status.
#pragma once

#include <CLI/App.hpp>

#include <optional>
#include <string>

#include "cli/fleet_state.h"
#include "cli/hosts.h"
#include "cli/interrupts.h"
#include "cli/notices.h"
#include "cli/preparation.h"
#include "cli/writer.h"
#include "client/client.h"
#include "fleet/fleet.h"

namespace mullion::cli {

struct FleetOptions {
    unsigned forks = 64;
    std::string progress = "auto";
};
// Declares --forks and --progress.
void declare_fleet(CLI::App& app, FleetOptions& options);

class FleetRun {
public:
    // All three must outlive it.
    FleetRun(Hosts& hosts, Preparation& preparation, Notices& notices, const FleetOptions& options);
    ~FleetRun();
    FleetRun(const FleetRun&) = delete;
    FleetRun& operator=(const FleetRun&) = delete;

    [[nodiscard]] fleet::Fleet& fleet() { return *fleet_; }
    [[nodiscard]] FleetState& state() { return state_; }
    [[nodiscard]] Writer& writer() { return writer_; }
    // To be given to the fleet: a host is not begun while the output waits to be read.
    [[nodiscard]] fleet::Prepare prepare();
    [[nodiscard]] Duration elapsed() const;

    // When the fleet has ended and all was reported: waits until it is written, and gives the exit status.
    [[nodiscard]] int end();

private:
    void interrupt();

    Interrupts interrupts_;  // First: every thread must inherit that signals are not for it.
    Notices& notices_;
    Preparation& preparation_;
    FleetState state_;
    const MonotonicTime started_;
    Writer writer_;
    const int interrupted_;  // An eventfd: somebody may wait for a key meanwhile.
    std::optional<fleet::Fleet> fleet_;
};

}  // namespace mullion::cli
