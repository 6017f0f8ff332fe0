// Messages of the network process in, messages to it out. Blocks on neither.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "core/log.h"
#include "core/result.h"
#include "monitor/children.h"
#include "monitor/group_table.h"
#include "monitor/logons.h"
#include "monitor/memory_groups.h"
#include "monitor/policy.h"
#include "monitor/ticket_folders.h"
#include "os/file.h"
#include "os/pam_service.h"
#include "os/spawn_messages.h"

namespace mullion::monitor {

class Loop {
public:
    // `socket` and `signals` (SIGCHLD, SIGTERM) are non-blocking. `pam`: whom it asks about passwords, and
    // for sessions; as root only.
    Loop(int socket, int signals, Policy policy, GroupTable& groups, const TicketFolders& tickets,
         MemoryGroups& memory, std::optional<os::PamService> pam, Logger& log)
        : socket_(socket),
          signals_(signals),
          policy_(std::move(policy)),
          groups_(groups),
          tickets_(tickets),
          memory_(memory),
          pam_(std::move(pam)),
          log_(log) {
        if (pam_) logons_.emplace(*pam_);
    }

    // Until the network process is gone, SIGTERM comes, or a message breaks the rules. All processes have
    // been killed when it returns. Errors: serve.monitor for broken rules.
    [[nodiscard]] Result<void> run();

private:
    struct Outgoing {
        std::string bytes;
        Pipes pipes;  // Handed over with Spawned; closed here once sent.
    };

    [[nodiscard]] Result<bool> turn();  // False: time to end.
    [[nodiscard]] Result<bool> read_messages();
    [[nodiscard]] Result<void> handle(os::ToMonitor message);
    [[nodiscard]] bool knows(std::uint64_t token) const;
    void begin_waiting();
    [[nodiscard]] bool take_from_waiting(std::uint64_t token);
    void spawn(const os::SpawnRequest& request);
    [[nodiscard]] Result<void> log_on(const os::LogonRequest& request);
    void tell_logons(MonotonicTime now);
    [[nodiscard]] os::LogonEnded judged(Logons::Answer answer);
    [[nodiscard]] int patience(bool tidy_again) const;
    void tell_started(const std::vector<std::pair<std::uint64_t, Children::Decided>>& decided);
    void tell_ended();
    void tell(const os::FromMonitor& message, Pipes pipes = {});
    [[nodiscard]] Result<bool> write_messages();  // False: time to end.
    [[nodiscard]] bool has_room() const;

    int socket_;
    int signals_;
    Policy policy_;
    GroupTable& groups_;
    const TicketFolders& tickets_;
    MemoryGroups& memory_;
    std::optional<os::PamService> pam_;
    Logger& log_;
    std::optional<Logons> logons_;  // With PAM.
    Children children_;
    std::deque<os::SpawnRequest> waiting_;  // For others to have begun.
    std::deque<Outgoing> outgoing_;
};

}  // namespace mullion::monitor
