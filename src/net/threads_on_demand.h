// Threads for what may block for long and cannot be cut short: look-ups of names, reading a pipe. One is made
// when none is idle, so that a job waits for another only when the bound is reached.
#pragma once

#include <functional>
#include <memory>

namespace mullion::net {

class ThreadsOnDemand {
public:
    explicit ThreadsOnDemand(unsigned most);
    // Does not wait: jobs that run end by themselves, and must own what they use; others are dropped.
    ~ThreadsOnDemand();
    ThreadsOnDemand(const ThreadsOnDemand&) = delete;
    ThreadsOnDemand& operator=(const ThreadsOnDemand&) = delete;

    // From any thread. False: the system gives no thread, and there is none yet; the job is dropped.
    [[nodiscard]] bool submit(std::function<void()> job);

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace mullion::net
