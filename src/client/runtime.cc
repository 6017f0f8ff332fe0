#include "client/runtime.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <system_error>

#include "client/input_reader.h"

namespace mullion::client {

IoLoop::IoLoop() : keep_running_(io_.get_executor()), time_(io_.get_executor()) {
    // Opens the loop's own descriptors now: in the middle of a fleet there may be none left.
    const boost::asio::steady_timer first_use(io_);
    thread_ = std::thread([this] { io_.run(); });
}

Runtime::State::State(const RuntimeOptions& options)
    : pool(std::max(options.worker_threads, 1U)), office(pool), inputs(most_blocked_inputs) {
    try {
        for (unsigned i = 0; i < std::max(options.io_threads, 1U); ++i)
            loops_.push_back(std::make_unique<IoLoop>());
    } catch (const boost::system::system_error& problem) {  // No descriptor is left. Boost's are its own.
        end_loops();
        throw std::system_error(problem.code().value(), std::generic_category(), "I/O thread");
    } catch (...) {
        end_loops();
        throw;
    }
}

Runtime::State::~State() {
    end_loops();
}

void Runtime::State::end_loops() {
    for (auto& loop : loops_) loop->keep_running_.reset();
    for (auto& loop : loops_) loop->thread_.join();
    loops_.clear();
}

LoopPlace Runtime::State::place() {
    std::size_t first = turn_++;
    for (std::size_t i = 0; i < loops_.size(); ++i) {
        if (loops_[i]->io_.get_executor().running_in_this_thread()) first = i;
    }
    auto* best = loops_[first % loops_.size()].get();
    for (std::size_t i = 1; i < loops_.size(); ++i) {
        auto* const other = loops_[(first + i) % loops_.size()].get();
        if (other->sessions_ < best->sessions_) best = other;
    }
    return LoopPlace(*best);
}

Runtime::Runtime(RuntimeOptions options) : state_(std::make_unique<State>(options)) {}
Runtime::~Runtime() = default;

void Runtime::stop_waiting() {
    state_->tls.stop_waiting();
}

}  // namespace mullion::client
