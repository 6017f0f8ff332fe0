#include "fleet/fleet.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace mullion::fleet {
namespace {

Error before_its_turn() {
    return {ErrorId::run_not_started, ""};
}

template <class Outcome>
Outcome not_run(NotRun why) {
    Outcome outcome;
    outcome.status = why.error ? why.error->info().status : Status::skipped;
    outcome.error = std::move(why.error);
    outcome.reason = std::move(why.reason);
    return outcome;
}

// An exception is a bug or the end of memory. It is this host's all the same: the others go on.
Prepared prepare_one(const Prepare& prepare, std::size_t host) {
    try {
        return prepare(host);
    } catch (const std::exception& trouble) {
        return NotRun{Error(ErrorId::internal_failure, trouble.what()).at_step("prepare"), {}};
    }
}

}  // namespace

// What the I/O threads have to say is done on the thread that called run(): the observer is never called
// twice at a time, and one that is slow blocks no connection.
struct Fleet::State {
    State(client::Runtime& with, Options how) : runtime(with), forks(std::max(how.forks, 1U)) {}

    using Errand = std::function<void()>;
    // Begins the work on a host whose session stands.
    using Begin = std::function<void(std::size_t host, client::Session& session)>;
    using Refuse = std::function<void(std::size_t host, NotRun why)>;

    // Returns, or throws what the observer threw, when nothing is in progress any more.
    void work(std::size_t hosts, const Prepare& prepare, const Begin& begin, const Refuse& refuse);
    void drive(std::size_t hosts, const Prepare& prepare, const Begin& begin, const Refuse& refuse);
    void take_turn(std::size_t host, const Prepare& prepare, const Begin& begin, const Refuse& refuse);

    // From any thread.
    void post(Errand errand);
    void interrupt();
    // The host's place is free. On run()'s thread.
    void leave(std::size_t host);
    [[nodiscard]] bool is_interrupted();
    // The session is in progress from now on; false when it came too late.
    [[nodiscard]] bool enter(std::size_t host, std::unique_ptr<client::Session> session);
    // Does what was posted; when nothing was, waits for it or for the interruption if `wait`.
    void do_errands(bool wait);

    client::Runtime& runtime;
    const std::size_t forks;

    std::mutex mutex;  // Of all that follows.
    std::condition_variable news;
    std::deque<Errand> errands;
    std::unordered_map<std::size_t, std::unique_ptr<client::Session>> in_progress;
    bool interrupted = false;
};

void Fleet::State::post(Errand errand) {
    {
        const std::lock_guard lock(mutex);
        errands.push_back(std::move(errand));
    }
    news.notify_one();  // Whoever is woken finds the lock free.
}

void Fleet::State::interrupt() {
    const std::lock_guard lock(mutex);
    interrupted = true;
    for (auto& [host, session] : in_progress) session->interrupt();
    news.notify_all();
}

bool Fleet::State::is_interrupted() {
    const std::lock_guard lock(mutex);
    return interrupted;
}

bool Fleet::State::enter(std::size_t host, std::unique_ptr<client::Session> session) {
    const std::lock_guard lock(mutex);
    if (interrupted) return false;
    in_progress.emplace(host, std::move(session));
    return true;
}

void Fleet::State::leave(std::size_t host) {
    const std::lock_guard lock(mutex);
    in_progress.erase(host);
}

void Fleet::State::do_errands(bool wait) {
    std::unique_lock lock(mutex);
    const bool interrupted_before = interrupted;
    if (wait) news.wait(lock, [&] { return !errands.empty() || interrupted != interrupted_before; });
    while (!errands.empty()) {
        const auto errand = std::move(errands.front());
        errands.pop_front();
        lock.unlock();
        errand();
        lock.lock();
    }
}

void Fleet::State::take_turn(std::size_t host, const Prepare& prepare, const Begin& begin,
                             const Refuse& refuse) {
    if (is_interrupted()) return refuse(host, {before_its_turn(), {}});
    auto prepared = prepare_one(prepare, host);
    if (auto* why = std::get_if<NotRun>(&prepared)) return refuse(host, std::move(*why));
    auto& work = std::get<Work>(prepared);
    auto made = client::Session::make(runtime, std::move(work.target), std::move(work.credential));
    if (!made.ok()) return refuse(host, {std::move(made).error(), {}});
    auto& session = *made.value();
    if (!enter(host, std::move(made).value())) return refuse(host, {before_its_turn(), {}});
    try {
        begin(host, session);
    } catch (...) {
        leave(host);  // It began nothing, so nothing would ever end it.
        throw;
    }
}

void Fleet::State::drive(std::size_t hosts, const Prepare& prepare, const Begin& begin,
                         const Refuse& refuse) {
    std::size_t next = 0;
    for (;;) {
        do_errands(false);  // Results before new work: they are what people wait for.
        const bool room = in_progress.size() < forks || is_interrupted();
        if (next < hosts && room) {
            take_turn(next++, prepare, begin, refuse);
        } else if (next < hosts || !in_progress.empty()) {
            do_errands(true);
        } else {
            return;
        }
    }
}

void Fleet::State::work(std::size_t hosts, const Prepare& prepare, const Begin& begin, const Refuse& refuse) {
    try {
        drive(hosts, prepare, begin, refuse);
    } catch (...) {
        // What is in progress refers to the observer and to the caller's frame.
        interrupt();
        while (!in_progress.empty()) {
            try {
                do_errands(true);
            } catch (...) {  // NOLINT: the first one is told.
            }
        }
        throw;
    }
}

Fleet::Fleet(client::Runtime& runtime, Options options)
    : state_(std::make_shared<State>(runtime, std::move(options))) {}
Fleet::~Fleet() = default;

void Fleet::run(std::size_t hosts, const Prepare& prepare, const client::RunOptions& options,
                Observer& observer) {
    // Whoever posts may come last: when its errand is done, the fleet may be gone.
    const auto shared = state_;
    const State::Begin begin = [&](std::size_t host, client::Session& session) {
        auto& sink = observer.start(host);
        auto own = options;
        own.input = observer.input(host);
        const auto finished = [shared, &observer, host](std::vector<Error> late) {
            shared->post([&state = *shared, &observer, host, late = std::move(late)]() mutable {
                state.leave(host);
                for (auto& warning : late) observer.on_late(host, std::move(warning));
            });
        };
        const auto done = [shared, &observer, &session, host, finished](client::RunOutcome outcome) {
            shared->post([&observer, host, outcome = std::move(outcome)]() mutable {
                observer.on_result(host, std::move(outcome));
            });
            session.finish_async(finished);
        };
        session.run_async(std::move(own), sink, done);
    };
    const State::Refuse refuse = [&](std::size_t host, NotRun why) {
        observer.on_result(host, not_run<client::RunOutcome>(std::move(why)));
    };
    shared->work(hosts, prepare, begin, refuse);
}

void Fleet::ping(std::size_t hosts, const Prepare& prepare, const client::PingOptions& options,
                 PingObserver& observer) {
    const auto shared = state_;
    const State::Begin begin = [&](std::size_t host, client::Session& session) {
        session.ping_async(options, [shared, &observer, host](client::PingOutcome outcome) {
            shared->post([&state = *shared, &observer, host, outcome = std::move(outcome)]() mutable {
                state.leave(host);
                observer.on_ping(host, std::move(outcome));
            });
        });
    };
    const State::Refuse refuse = [&](std::size_t host, NotRun why) {
        observer.on_ping(host, not_run<client::PingOutcome>(std::move(why)));
    };
    shared->work(hosts, prepare, begin, refuse);
}

void Fleet::interrupt() {
    state_->interrupt();
}

}  // namespace mullion::fleet
