// Questions about CIM, each to a process of its own: mullion-cim-host, started by the monitor as the Linux
// user of who asks. What it may see and do is the kernel's to say, and its answer is as long as the pipe is
// read. ADR 39
#pragma once

#include <memory>
#include <string>

#include "core/ids.h"
#include "service/cim/cim_backend.h"
#include "service/cim/cim_log.h"
#include "service/cim/host_places.h"
#include "service/cim/host_process.h"
#include "service/shells/command_backend.h"

namespace mullion::service {

class HostBackend final : public CimBackend {
public:
    // All must outlive it, and every answer.
    struct Parts {
        net::Executor executor;  // That of the commands.
        CommandBackend& commands;
        Random& random;
        CimLog& log;
        std::string program;  // mullion-cim-host, with its path; empty: it is not installed.
        HostLimits limits = {};
    };
    explicit HostBackend(Parts parts);

    // Faults: quota_user, quota_system, internal_error (not installed), and why it did not start.
    [[nodiscard]] net::Task<Outcome<std::unique_ptr<CimAnswer>>> ask(CimQuestion question) override;

    // From now on. On the executor, as all of it.
    void set_limits(const HostLimits& limits) { places_->set_limits(limits); }
    // Begins the end of every process, and starts no more.
    void close() { places_->close(); }
    // Behind close(): true when all are gone.
    [[nodiscard]] net::Task<bool> all_gone(MonotonicTime until) { return places_->empty(until); }
    [[nodiscard]] std::size_t running() const { return places_->all(); }
    [[nodiscard]] std::size_t bytes() const { return places_->bytes(); }  // Of what is half said.

private:
    [[nodiscard]] std::optional<wsman::Fault> refused(const CimQuestion& question) const;
    [[nodiscard]] CommandStart describe_start(const CimQuestion& question) const;
    [[nodiscard]] wsman::Fault start_fault(const HostProcess::Whose& whose,
                                           const StartFailure& failure) const;

    Parts parts_;
    std::shared_ptr<HostPlaces> places_;
};

}  // namespace mullion::service
