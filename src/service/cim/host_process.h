// One process that answers one question about CIM: mullion-cim-host, as the Linux user of who asks (ADR 39).
// Internal to the room: host_backend starts it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cim/messages.h"
#include "service/cim/cim_backend.h"
#include "service/cim/cim_log.h"
#include "service/cim/host_places.h"
#include "service/notifier.h"
#include "service/shells/command_backend.h"

namespace mullion::service {

// What is said where the bytes of questions and answers are over the limits of HostPlaces.
[[nodiscard]] wsman::Fault no_memory(Room room);

class HostProcess : public std::enable_shared_from_this<HostProcess>, public HostPlaces::Stoppable {
public:
    // For the log: user, address and question; and the address alone.
    struct Whose {
        std::string text;
        std::string address;
    };
    // `most`: bytes of one item, or of the answer.
    HostProcess(net::Executor executor, CimLog& log, Whose whose, std::unique_ptr<RunningProcess> process,
                HostPlaces::Place place, std::size_t most);
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
    // What it has in memory counts. A fault: there is no more room, and it was ended.
    [[nodiscard]] std::optional<wsman::Fault> weighed();

    net::Executor executor_;
    CimLog& log_;
    const Whose whose_;
    const std::size_t most_;
    std::unique_ptr<RunningProcess> process_;
    HostPlaces::Place place_;  // Until the last that waits for the process is done.
    cim::FrameReader frames_;
    std::size_t unread_ = 0;   // Bytes of the question, until it has read all of it.
    std::string complaints_;   // The end of its standard error.
    bool complained_ = false;  // All that it will.
    bool stopped_ = false;
    Notifier changed_;
};

}  // namespace mullion::service
