// Hosts in memory behind real connections: one service on a thread of its own, on a port of the kernel's
// choice. Host 7 is who logs on as "ann7" with the password "right".
#pragma once

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "auth/mechanism.h"
#include "channel/server_connection.h"
#include "client/tests/fake_host.h"
#include "net/listen.h"
#include "target/target.h"

namespace mullion::client::testing {

class LoopbackService {
public:
    explicit LoopbackService(std::size_t hosts = 1);
    ~LoopbackService();

    [[nodiscard]] target::Target target() const;
    [[nodiscard]] auth::Credential credential(std::size_t host = 0,
                                              const std::string& password = "right") const;
    // To be set up before the first request, looked at after the last one.
    [[nodiscard]] FakeHost& host(std::size_t number = 0) { return *hosts_[number]; }
    [[nodiscard]] std::size_t size() const { return hosts_.size(); }

    std::atomic<int> connections = 0;
    std::function<void(const std::string& request)> on_request;  // On the service's thread.

private:
    [[nodiscard]] net::Task<void> accept_all();
    [[nodiscard]] net::Task<void> serve(net::Listener::Accepted accepted);
    [[nodiscard]] net::Task<channel::Outgoing> handle(channel::Incoming incoming);

    class Passwords final : public channel::BasicVerifier {
    public:
        [[nodiscard]] net::Task<Result<auth::Identity>> verify(std::string token,
                                                               channel::LogonAttempt& /*attempt*/) override;
        [[nodiscard]] std::string fingerprint(std::string_view token) const override {
            return std::string(token);
        }
    };

    boost::asio::io_context io_{1};
    RealTime time_{io_.get_executor()};
    std::vector<std::unique_ptr<FakeHost>> hosts_;
    net::WorkerPool pool_{1};
    Passwords passwords_;
    std::unique_ptr<net::Listener> listener_;
    std::thread thread_;
};

}  // namespace mullion::client::testing
