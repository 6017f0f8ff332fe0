#include "fleet/state.h"

#include <exception>
#include <utility>

namespace mullion::fleet {
namespace {

Error before_its_turn() {
    return {ErrorId::run_not_started, ""};
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
    runtime.stop_waiting();
    for (auto& [host, session] : in_progress) session->interrupt();
    news.notify_all();
}

bool Fleet::State::is_interrupted() {
    const std::lock_guard lock(mutex);
    return interrupted;
}

bool Fleet::State::is_over() {
    const std::lock_guard lock(mutex);
    return places_taken == 0 && line.empty() && errands.empty();
}

bool Fleet::State::enter(std::size_t host, std::unique_ptr<client::Session> session) {
    const std::lock_guard lock(mutex);
    if (interrupted) return false;
    in_progress.emplace(host, std::move(session));
    return true;
}

void Fleet::State::leave(std::size_t host, Errand last) {
    std::unique_ptr<client::Session> session;  // Ends without the lock.
    {
        const std::lock_guard lock(mutex);
        const auto found = in_progress.find(host);
        if (found != in_progress.end()) {
            session = std::move(found->second);
            in_progress.erase(found);
        }
        --places_taken;
        if (last) errands.push_back(std::move(last));
        if (errands.empty() && (places_taken != 0 || !line.empty())) return;
    }
    news.notify_one();
}

std::optional<Fleet::State::Next> Fleet::State::take_place() {
    const std::lock_guard lock(mutex);
    if (line.empty() || places_taken == forks || interrupted) return std::nullopt;
    ++places_taken;
    std::optional<Next> next(std::move(line.front()));
    line.pop_front();
    return next;
}

void Fleet::State::begin_next() {
    while (auto next = take_place()) begin_one(std::move(*next));
}

void Fleet::State::begin_one(Next next) {
    try {
        auto& session = *next.session;
        if (!enter(next.host, std::move(next.session))) return refuse_later(next, {before_its_turn(), {}});
        next.begin(session);
    } catch (const std::exception& trouble) {  // It began nothing, so nothing else would ever end it.
        refuse_later(next, {Error(ErrorId::internal_failure, trouble.what()).at_step("begin"), {}});
    }
}

void Fleet::State::refuse_later(Next& next, NotRun why) {
    const auto host = next.host;
    leave(host, [this, host, refuse = std::move(next.refuse), why = std::move(why)]() mutable {
        answered();
        refuse(host, std::move(why));
    });
}

void Fleet::State::wait_for_errands(bool interruption_seen) {
    std::unique_lock lock(mutex);
    news.wait(lock, [&] {
        const bool over = places_taken == 0 && line.empty();
        return !errands.empty() || over || interrupted != interruption_seen;
    });
}

void Fleet::State::do_errands() {
    std::unique_lock lock(mutex);
    while (!errands.empty()) {
        const auto errand = std::move(errands.front());
        errands.pop_front();
        lock.unlock();
        errand();
        lock.lock();
    }
}

void Fleet::State::take_turn(std::size_t host, const Prepare& prepare, const Turn& turn,
                             const Refuse& refuse) {
    if (is_interrupted()) return refuse(host, {before_its_turn(), {}});
    auto prepared = prepare_one(prepare, host);
    if (auto* why = std::get_if<NotRun>(&prepared)) return refuse(host, std::move(*why));
    auto& work = std::get<Work>(prepared);
    // Files are read here, by the thread that may wait for them; it comes to live on the one that begins it.
    auto made = client::Session::make(runtime, std::move(work.target), std::move(work.credential));
    if (!made.ok() && is_interrupted()) return refuse(host, {before_its_turn(), {}});
    if (!made.ok()) return refuse(host, {std::move(made).error(), {}});
    Next next{host, std::move(made).value(), turn(host), refuse};
    ++unanswered;
    {
        const std::lock_guard lock(mutex);
        line.push_back(std::move(next));
    }
    begin_next();
}

void Fleet::State::clear_line() {
    std::deque<Next> waited;
    {
        const std::lock_guard lock(mutex);
        waited.swap(line);
    }
    for (auto& next : waited) {
        answered();
        next.refuse(next.host, {before_its_turn(), {}});
    }
}

void Fleet::State::drive(std::size_t hosts, const Prepare& prepare, const Turn& turn, const Refuse& refuse) {
    std::size_t next = 0;
    for (;;) {
        do_errands();  // Results before new work: they are what people wait for.
        const bool ending = is_interrupted();
        if (ending) clear_line();
        if (next < hosts && (unanswered < forks || ending)) {
            take_turn(next++, prepare, turn, refuse);
        } else if (next < hosts || !is_over()) {
            wait_for_errands(ending);
        } else {
            return;
        }
    }
}

void Fleet::State::work(std::size_t hosts, const Prepare& prepare, const Turn& turn, const Refuse& refuse) {
    unanswered = 0;
    try {
        drive(hosts, prepare, turn, refuse);
    } catch (...) {
        // What is in progress refers to the observer and to the caller's frame.
        interrupt();
        while (!is_over()) {
            try {
                clear_line();
                wait_for_errands(true);
                do_errands();
            } catch (...) {  // NOLINT: the first one is told.
            }
        }
        throw;
    }
}

}  // namespace mullion::fleet
