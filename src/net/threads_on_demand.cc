#include "net/threads_on_demand.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>

namespace mullion::net {
namespace {

// An idle thread stays for what may come next, and then gives its memory back.
constexpr auto idle_time = std::chrono::seconds(5);

}  // namespace

struct ThreadsOnDemand::State {
    explicit State(unsigned bound) : most(bound) {}

    static void work(const std::shared_ptr<State>& state);

    const unsigned most;
    std::mutex mutex;  // Of all that follows.
    std::condition_variable news;
    std::deque<std::function<void()>> jobs;
    unsigned threads = 0;
    unsigned idle = 0;
    bool closed = false;
};

void ThreadsOnDemand::State::work(const std::shared_ptr<State>& state) {
    std::unique_lock lock(state->mutex);
    for (;;) {
        ++state->idle;
        const bool called =
            state->news.wait_for(lock, idle_time, [&] { return state->closed || !state->jobs.empty(); });
        --state->idle;
        if (!called || state->closed) break;
        auto job = std::move(state->jobs.front());
        state->jobs.pop_front();
        lock.unlock();
        job();
        job = {};
        lock.lock();
    }
    --state->threads;
}

ThreadsOnDemand::ThreadsOnDemand(unsigned most) : state_(std::make_shared<State>(most)) {}

ThreadsOnDemand::~ThreadsOnDemand() {
    const std::lock_guard lock(state_->mutex);
    state_->closed = true;
    state_->news.notify_all();
}

bool ThreadsOnDemand::submit(std::function<void()> job) {
    const std::lock_guard lock(state_->mutex);
    auto& state = *state_;
    state.jobs.push_back(std::move(job));
    if (state.idle < state.jobs.size() && state.threads < state.most) {
        try {
            std::thread([shared = state_] { State::work(shared); }).detach();
            ++state.threads;
        } catch (const std::system_error&) {  // NOLINT: those that run will come to it, if there are any
            if (state.threads == 0) {
                state.jobs.pop_back();
                return false;
            }
        }
    }
    state.news.notify_one();
    return true;
}

}  // namespace mullion::net
