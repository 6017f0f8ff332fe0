#include "service/doors/io_threads.h"

#include <algorithm>

namespace mullion::service {

IoThreads::IoThreads(unsigned count) {
    for (unsigned i = 0; i < std::max(count, 1u); ++i) {
        contexts_.push_back(std::make_unique<boost::asio::io_context>(1));  // One thread: no locks inside.
        guards_.emplace_back(contexts_.back()->get_executor());
    }
}

void IoThreads::run() {
    for (std::size_t i = 1; i < contexts_.size(); ++i)
        threads_.emplace_back([this, i] { contexts_[i]->run(); });
    contexts_[0]->run();
    stop();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
}

void IoThreads::stop() {
    for (auto& context : contexts_) context->stop();
}

}  // namespace mullion::service
