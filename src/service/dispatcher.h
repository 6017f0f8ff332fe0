// From a request's bytes to the answer's: who may, who does it, and every fault on the way. Needs no sockets.
#pragma once

#include <string>

#include "channel/server_connection.h"
#include "core/ids.h"
#include "core/log.h"
#include "service/settings_holder.h"
#include "service/shell_protocol.h"
#include "service/shells.h"

namespace mullion::service {

class Dispatcher {
public:
    struct Parts {
        Shells& shells;
        const SettingsHolder& settings;
        Random& random;
        Logger& log;
        std::string machine;         // In faults.
        std::string system_release;  // In Identify.
    };
    explicit Dispatcher(Parts parts) : parts_(std::move(parts)), shell_protocol_(parts_.shells) {}

    // On the connection's thread. The dispatcher must outlive it.
    [[nodiscard]] net::Task<channel::Outgoing> handle(channel::Incoming request);

private:
    [[nodiscard]] net::Task<Outcome<std::string>> answer(const channel::Incoming& request,
                                                         const wsman::Message& message,
                                                         std::shared_ptr<const Settings> settings,
                                                         std::string answer_id);
    [[nodiscard]] std::string identify(const channel::Incoming& request, const Settings& settings) const;

    Parts parts_;
    ShellProtocol shell_protocol_;
};

}  // namespace mullion::service
