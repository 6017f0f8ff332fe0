// The listening sockets of the running service. A configuration is made ready as a whole (certificates are
// read, ports opened) or not at all, and then takes the place of the last one: sockets that are still wanted
// stay open all the time. Who comes in is met by the listener whose address is the closest (places.h), by
// whichever socket he came.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/log.h"
#include "core/result.h"
#include "net/listen.h"
#include "net/task.h"
#include "service/config/config_documents.h"
#include "service/doors/doorway.h"
#include "service/doors/passed_socket.h"
#include "service/doors/places.h"
#include "state/settings.h"

namespace mullion::service {

class Doors {
public:
    struct Parts {
        net::Executor executor;    // Where connections are accepted.
        std::string certificates;  // The folder.
        Logger& log;
        // Open as long as the service runs, whatever listeners say: whoever passed them on listens there too.
        std::vector<PassedSocket> passed{};
    };
    // On the executor, for each who comes in.
    using Take = std::function<void(net::Listener::Accepted, std::shared_ptr<const Doorway>)>;
    using Broken = std::function<void(Error)>;
    Doors(Parts parts, Take take, Broken broken);

    class Plan;
    struct DeletePlan {
        void operator()(Plan* plan) const;
    };
    using PlanPointer = std::unique_ptr<Plan, DeletePlan>;
    // On a worker, or before the executor runs; never two at a time. Errors: serve.listen, tls.files …
    [[nodiscard]] Result<PlanPointer> prepare(const state::Config& next) const;
    // On the executor. What is not in the plan is closed; who came in by it may finish what he has begun.
    void apply(PlanPointer plan);
    void close();

    // From any thread.
    // Who meets connections to that address and port; null: nobody, and they are closed.
    [[nodiscard]] std::shared_ptr<const Doorway> at(const std::string& address, std::uint16_t port) const;
    [[nodiscard]] ListenerFacts facts(const state::ListenerSettings& listener,
                                      const state::Settings& settings) const;
    // Whether listeners of this configuration, the one in force, would be at other addresses now than they
    // are.
    [[nodiscard]] bool addresses_changed(const state::Config& config) const;
    // "http://127.0.0.1:5985/wsman" of each, with the real port.
    [[nodiscard]] std::vector<std::string> urls() const;
    // The certificate of the first of HTTPS.
    [[nodiscard]] std::optional<std::string> public_file() const;

private:
    struct Socket;
    struct Door;
    struct Standing;
    using SocketPointer = std::shared_ptr<Socket>;
    using StandingPointer = std::shared_ptr<const Standing>;

    [[nodiscard]] Result<std::vector<SocketPointer>> take_passed() const;
    [[nodiscard]] Result<Doorway::Way> way_for(const state::ListenerSettings& wanted,
                                               const Standing& now) const;
    [[nodiscard]] Result<void> find_sockets(Plan& plan, const Standing& now) const;
    [[nodiscard]] Result<SocketPointer> socket_for(const std::string& place, std::uint16_t port, Plan& plan,
                                                   const Standing& now) const;
    [[nodiscard]] Result<SocketPointer> open(const std::string& place, std::uint16_t port, const Plan& plan,
                                             const Standing& now) const;
    [[nodiscard]] net::Task<void> accept(SocketPointer socket);
    void close_socket(Socket& socket);
    void meet(net::Listener::Accepted accepted);
    void tell_of_changes(const Standing& before, const Standing& after);
    void tell_of_absent(const std::vector<std::string>& absent);
    void tell_of_idle(const Standing& now);
    [[nodiscard]] StandingPointer standing() const;

    Parts parts_;
    Take take_;
    Broken broken_;
    mutable std::vector<PassedSocket> passed_;  // Not yet taken. Touched by prepare() alone.
    std::vector<std::string> told_;  // Of listeners that wait for an address. Touched by apply() alone.
    mutable std::mutex mutex_;
    StandingPointer standing_;
};

}  // namespace mullion::service
