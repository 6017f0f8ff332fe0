// Whose turn it is, who waits for a place, who has one, and what is still to be told.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "fleet/fleet.h"

namespace mullion::fleet {

// What the I/O threads have to say is done on the thread that called run(): the observer is never called
// twice at a time, and one that is slow blocks no connection. A host's turn comes with another's result; it
// waits in line for that one's clean-up, and begins on the I/O thread where a place becomes free. So there is
// nobody to be woken for it.
struct Fleet::State {
    State(client::Runtime& with, Options how) : runtime(with), forks(std::max(how.forks, 1U)) {}

    using Errand = std::function<void()>;
    // Begins the work on a host's session. On any thread.
    using Begin = std::function<void(client::Session& session)>;
    // These two on run()'s thread.
    using Turn = std::function<Begin(std::size_t host)>;
    using Refuse = std::function<void(std::size_t host, NotRun why)>;

    struct Next {
        std::size_t host;
        std::unique_ptr<client::Session> session;
        Begin begin;
        Refuse refuse;
    };

    // Returns, or throws what the observer threw, when nothing is in progress any more.
    void work(std::size_t hosts, const Prepare& prepare, const Turn& turn, const Refuse& refuse);
    void drive(std::size_t hosts, const Prepare& prepare, const Turn& turn, const Refuse& refuse);
    void take_turn(std::size_t host, const Prepare& prepare, const Turn& turn, const Refuse& refuse);
    void clear_line();

    // From any thread.
    void post(Errand errand);
    void interrupt();
    // The host has its result: another one's turn has come. On run()'s thread.
    void answered() { --unanswered; }
    // The host's place is free, and `last` is what is to be said of it. On the host's I/O thread.
    void leave(std::size_t host, Errand last);
    // Whoever is next in line begins, on this thread, while there are places.
    void begin_next();
    [[nodiscard]] std::optional<Next> take_place();
    void begin_one(Next next);
    // The session is in progress from now on; false when it came too late.
    [[nodiscard]] bool enter(std::size_t host, std::unique_ptr<client::Session> session);
    void refuse_later(Next& next, NotRun why);
    [[nodiscard]] bool is_interrupted();
    void do_errands();  // What was posted.
    // Until something was posted, all is over, or there was an interruption that the caller has not seen.
    void wait_for_errands(bool interruption_seen);
    [[nodiscard]] bool is_over();

    client::Runtime& runtime;
    const std::size_t forks;
    std::size_t unanswered = 0;  // Hosts whose turn has come. For run()'s thread.

    std::mutex mutex;  // Of all that follows.
    std::condition_variable news;
    std::deque<Errand> errands;
    std::deque<Next> line;
    std::size_t places_taken = 0;
    std::unordered_map<std::size_t, std::unique_ptr<client::Session>> in_progress;
    bool interrupted = false;
};

}  // namespace mullion::fleet
