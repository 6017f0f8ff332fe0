// One question about CIM and what comes of it, read ahead a little: a long answer waits in the pipe, and
// whoever makes it with it; a short one is here soon, and its process gone. Lives on the executor of its
// backend.
#pragma once

#include <algorithm>
#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "net/task.h"
#include "service/cim/cim_backend.h"
#include "service/notifier.h"
#include "service/requests/item_source.h"

namespace mullion::service {

class CimExchange : public std::enable_shared_from_this<CimExchange> {
public:
    // Bytes of items with their places: a usual envelope full, also of small ones.
    static constexpr std::size_t read_ahead = 768 * 1024;
    // What an answer may come to hold: `most` is that of its question.
    [[nodiscard]] static std::size_t most_held(std::size_t most) { return read_ahead + most; }

    enum class Wanted { items, one_answer };
    // The backend must outlive it. `most`: as in its question.
    CimExchange(net::Executor executor, CimBackend& backend, Wanted wanted, std::size_t most);

    // Asks, and does not wait: what is wrong comes from take(). As long as question.waiting says.
    void begin(CimQuestion question);
    // Asks, and waits for the first word. Faults: those of the backend; the first word is a failure; whoever
    // waits has gone; operation_timed_out (nobody has begun to answer by then, and nobody will).
    [[nodiscard]] net::Task<Done> start(CimQuestion question, Waiting waiting);
    // As ItemSource has it.
    [[nodiscard]] net::Task<Taken> take(Batching most, Waiting waiting);
    // The one answer to what is no Enumerate. Faults: operation_timed_out, and what the other side says.
    [[nodiscard]] net::Task<Outcome<std::string>> whole(Waiting waiting);
    // For good.
    void close();

    // From any thread: what it holds, or may come to hold.
    [[nodiscard]] std::size_t bytes() const {
        return (reading_ ? std::max(reserved_, held_.load()) : held_.load()) + behind_;
    }
    // There is more to come than is here.
    [[nodiscard]] bool reading() const { return reading_; }

private:
    net::Task<void> run(CimQuestion question);
    net::Task<void> ask(CimQuestion question);
    net::Task<void> read_answer();
    void take_in(Outcome<cim::FromHost> got);
    void keep(std::string item);
    void keep_whole(std::string envelope);
    void fail(wsman::Fault fault);
    [[nodiscard]] bool over() const { return ended_ || failure_ || whole_; }
    // Until one of `enough`, the end, the deadline, or the departure.
    template <class Enough>
    [[nodiscard]] net::Task<void> wait(Waiting waiting, Enough enough);
    void wake_when_gone(const Waiting& waiting);
    [[nodiscard]] Taken nothing_to_take(const Waiting& waiting) const;

    net::Executor executor_;
    CimBackend& backend_;
    const Wanted wanted_;
    const std::size_t reserved_;         // Bytes, while it reads.
    bool asked_ = false;                 // Somebody answers, or has.
    std::unique_ptr<CimAnswer> answer_;  // While there is more to come.
    std::deque<std::string> items_;
    std::atomic<std::size_t> held_ = 0;    // Bytes of the items.
    std::atomic<bool> reading_ = true;     // Or about to.
    std::atomic<std::size_t> behind_ = 0;  // What the other side keeps of the rest, in this process.
    bool ended_ = false;                   // All items came.
    std::optional<wsman::Fault> failure_;  // Behind the items that came.
    std::optional<std::string> whole_;     // The answer of what is no enumeration.
    bool closed_ = false;
    Notifier changed_;
};

}  // namespace mullion::service
