// One process that answers one question about CIM: mullion-cim-host, as the Linux user of who asks (ADR 39).
// Internal to the room: host_backend starts it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cim/messages.h"
#include "core/log.h"
#include "service/cim/cim_backend.h"
#include "service/cim/host_places.h"
#include "service/notifier.h"
#include "service/shells/command_backend.h"

namespace mullion::service {

class HostProcess : public std::enable_shared_from_this<HostProcess>, public HostPlaces::Stoppable {
public:
    // `whose`: user, address and question, for the log.
    HostProcess(net::Executor executor, Logger& log, std::string whose,
                std::unique_ptr<RunningProcess> process, HostPlaces::Place place);
    ~HostProcess() override;

    // Starts writing the question, and reading what it complains of.
    void begin(std::string question);
    // As CimAnswer has it.
    [[nodiscard]] net::Task<Outcome<cim::FromHost>> next();
    // For good: kills it.
    void stop() override;

private:
    net::Task<void> write_question(std::string question);
    net::Task<void> read_complaints();
    [[nodiscard]] net::Task<wsman::Fault> how_it_ended();
    [[nodiscard]] wsman::Fault not_understood();

    net::Executor executor_;
    Logger& log_;
    const std::string whose_;
    std::unique_ptr<RunningProcess> process_;
    HostPlaces::Place place_;  // Until the last that waits for the process is done.
    cim::FrameReader frames_;
    std::string complaints_;   // The end of its standard error.
    bool complained_ = false;  // All that it will.
    bool stopped_ = false;
    Notifier changed_;
};

}  // namespace mullion::service
