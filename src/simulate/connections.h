// The connections of all hosts: on which thread each lives, what it counts, and how all of them are ended.
#pragma once

#include <atomic>
#include <memory>
#include <set>
#include <vector>

#include "net/listen.h"
#include "net/worker_pool.h"
#include "service/access/doorkeeper.h"
#include "service/doors/io_threads.h"
#include "simulate/host.h"

namespace mullion::simulate {

class Connections {
public:
    Connections(service::IoThreads& threads, net::WorkerPool& workers, Logger& log);

    // On the accepting thread. `thread` is where it will live; what is referred to must outlive the threads.
    void take(Host& host, std::size_t thread, net::Listener::Accepted accepted,
              std::shared_ptr<const net::TlsServer> tls);
    // Ends all, each on its own thread.
    void close_all();
    [[nodiscard]] unsigned count() const { return count_.load(); }

private:
    struct Arrival;
    [[nodiscard]] net::Task<void> hold(std::unique_ptr<Arrival> arrival);
    [[nodiscard]] net::Task<void> serve(Arrival& arrival);
    [[nodiscard]] net::Task<void> stall(Arrival& arrival);
    [[nodiscard]] net::Task<Result<std::unique_ptr<net::Stream>>> adopt(Arrival& arrival, bool with_tls);

    service::IoThreads& threads_;
    net::WorkerPool& workers_;
    Logger& log_;
    service::LogonDoorkeeper doorkeeper_;
    std::atomic<unsigned> count_{0};
    std::atomic<bool> closing_{false};
    std::vector<std::set<net::Stream*>> open_;  // By thread; each touched on its own only.
};

}  // namespace mullion::simulate
