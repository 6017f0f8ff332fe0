// The listening sockets of the running service. A configuration is made ready as a whole (certificates are
// read, ports opened) or not at all, and then takes the place of the last one: sockets that are still wanted
// stay open all the time.
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
#include "net/tls.h"
#include "service/config_documents.h"
#include "service/passed_socket.h"
#include "state/settings.h"

namespace mullion::service {

// How those who come in by one socket are met. From any thread.
class Doorway {
public:
    struct Way {
        state::ListenerSettings listener;
        std::shared_ptr<const net::TlsServer> tls;  // Null: HTTP.
        std::string thumbprint;                     // Of its certificate.
        std::string public_file;                    // Alike.
    };
    explicit Doorway(Way way) : way_(std::make_shared<const Way>(std::move(way))) {}

    [[nodiscard]] std::shared_ptr<const Way> way() const;
    [[nodiscard]] bool open() const;
    void set(Way way);
    void close();

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const Way> way_;
    bool open_ = true;
};

class Doors {
public:
    struct Parts {
        net::Executor executor;    // Where connections are accepted.
        std::string certificates;  // The folder.
        Logger& log;
        std::vector<PassedSocket> passed{};  // Taken where a listener wants just that address and port.
    };
    // On the executor, for each who comes in.
    using Take = std::function<void(net::Listener::Accepted, std::shared_ptr<const Doorway>)>;
    using Broken = std::function<void(Error)>;
    Doors(Parts parts, Take take, Broken broken)
        : parts_(std::move(parts)),
          passed_(std::move(parts_.passed)),
          take_(std::move(take)),
          broken_(std::move(broken)) {}

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
    [[nodiscard]] ListenerFacts facts(const state::ListenerSettings& listener,
                                      const state::Settings& settings) const;
    // "http://127.0.0.1:5985/wsman" of each, with the real port.
    [[nodiscard]] std::vector<std::string> urls() const;
    // The certificate of the first of HTTPS.
    [[nodiscard]] std::optional<std::string> public_file() const;

private:
    struct Socket;
    using Sockets = std::vector<std::shared_ptr<Socket>>;
    [[nodiscard]] Result<Doorway::Way> way_for(const state::ListenerSettings& wanted,
                                               const Sockets& now) const;
    [[nodiscard]] net::Task<void> accept(std::shared_ptr<Socket> socket);
    [[nodiscard]] Sockets sockets() const;

    [[nodiscard]] Result<std::unique_ptr<net::Listener>> open(const std::string& place,
                                                              std::uint16_t port) const;

    Parts parts_;
    mutable std::vector<PassedSocket> passed_;  // Not yet taken. Touched by prepare() alone.
    Take take_;
    Broken broken_;
    mutable std::mutex mutex_;
    Sockets sockets_;  // In the order of the configuration.
};

}  // namespace mullion::service
