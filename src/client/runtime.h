// The threads behind client.h's Runtime.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <thread>

#include "client/client.h"
#include "client/time.h"
#include "net/worker_pool.h"

namespace mullion::client {

struct Runtime::State {
    explicit State(unsigned worker_threads);
    // Lets what is in progress end first: all of it has a deadline.
    ~State();

    boost::asio::io_context io{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> keep_running;
    RealTime time;
    net::WorkerPool pool;
    std::thread thread;
};

}  // namespace mullion::client
