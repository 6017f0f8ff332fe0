// One io_context with one thread per core. A connection lives on one of them for good (design 2.7).
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <thread>
#include <vector>

namespace mullion::service {

class IoThreads {
public:
    explicit IoThreads(unsigned count);
    ~IoThreads() = default;
    IoThreads(const IoThreads&) = delete;
    IoThreads& operator=(const IoThreads&) = delete;

    [[nodiscard]] std::size_t count() const { return contexts_.size(); }
    [[nodiscard]] boost::asio::io_context& context(std::size_t index) { return *contexts_[index]; }
    // The first one runs on the calling thread until stop(), the others on threads of their own; all have
    // ended when it returns.
    void run();
    void stop();  // From any thread.

private:
    using Guard = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;
    std::vector<std::unique_ptr<boost::asio::io_context>> contexts_;
    std::vector<Guard> guards_;
    std::vector<std::thread> threads_;
};

}  // namespace mullion::service
