// The threads behind client.h's Runtime, and what its sessions share.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "client/client.h"
#include "client/time.h"
#include "client/tls_clients.h"
#include "core/ids.h"
#include "net/threads_on_demand.h"
#include "net/worker_pool.h"
#include "tickets/office.h"

namespace mullion::client {

// One thread, and all connections that live on it.
class IoLoop {
public:
    IoLoop();
    [[nodiscard]] boost::asio::io_context& io() { return io_; }
    [[nodiscard]] Time& time() { return time_; }
    [[nodiscard]] Random& random() { return random_; }  // For its thread.

private:
    friend struct Runtime::State;
    friend class LoopPlace;

    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> keep_running_;
    RealTime time_;
    DrawnAhead random_{system_random()};
    std::atomic<unsigned> sessions_ = 0;
    std::thread thread_;
};

// A session's place on a loop, counted while it exists.
class LoopPlace {
public:
    explicit LoopPlace(IoLoop& loop) : loop_(&loop) { ++loop_->sessions_; }
    LoopPlace(LoopPlace&& other) noexcept : loop_(std::exchange(other.loop_, nullptr)) {}
    LoopPlace& operator=(LoopPlace&&) = delete;
    ~LoopPlace() {
        if (loop_ != nullptr) --loop_->sessions_;
    }
    [[nodiscard]] IoLoop& operator*() const { return *loop_; }
    [[nodiscard]] IoLoop* operator->() const { return loop_; }

private:
    IoLoop* loop_;
};

struct Runtime::State {
    explicit State(const RuntimeOptions& options);
    // Lets what is in progress end first: all of it has a deadline.
    ~State();

    // The loop with the fewest sessions; the one whose thread asks when no other has fewer, since to begin
    // there wakes nobody.
    [[nodiscard]] LoopPlace place();

    net::WorkerPool pool;
    tickets::Office office;
    net::ThreadsOnDemand inputs;
    TlsClients tls;

private:
    void end_loops();

    std::vector<std::unique_ptr<IoLoop>> loops_;
    std::atomic<unsigned> turn_ = 0;  // Where the search for a loop begins.
};

}  // namespace mullion::client
