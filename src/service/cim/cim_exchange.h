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
    static constexpr std::size_t read_ahead = 1024 * 1024;  // Bytes of items.

    // The backend must outlive it.
    CimExchange(net::Executor executor, CimBackend& backend);

    // Asks, and waits for the first word. Faults: those of the backend; the first word is a failure; whoever
    // waits has gone.
    [[nodiscard]] net::Task<Done> start(CimQuestion question, Waiting waiting);
    // As ItemSource has it.
    [[nodiscard]] net::Task<Taken> take(Batching most, Waiting waiting);
    // The one answer to what is no Enumerate. Faults: operation_timed_out, and what the other side says.
    [[nodiscard]] net::Task<Outcome<std::string>> whole(Waiting waiting);
    // For good.
    void close();

    // From any thread: what it holds, or may come to hold.
    [[nodiscard]] std::size_t bytes() const {
        return (reading_ ? std::max(read_ahead, held_.load()) : held_.load()) + behind_;
    }

private:
    net::Task<void> pump();
    void take_in(Outcome<cim::FromHost> got);
    void take_in(cim::Item item);
    void fail(wsman::Fault fault);
    [[nodiscard]] bool over() const { return ended_ || failure_ || whole_; }
    // Until one of `enough`, the end, the deadline, or the departure.
    template <class Enough>
    [[nodiscard]] net::Task<void> wait(Waiting waiting, Enough enough);
    void wake_when_gone(const Waiting& waiting);
    [[nodiscard]] Taken nothing_to_take(const Waiting& waiting) const;

    net::Executor executor_;
    CimBackend& backend_;
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

// An exchange as a source of items, from any thread.
class CimItems final : public ItemSource {
public:
    CimItems(net::Executor executor, CimBackend& backend, CimQuestion question);
    ~CimItems() override;

    [[nodiscard]] net::Task<Done> begin(Waiting waiting) override;
    [[nodiscard]] net::Task<Taken> take(Batching most, Waiting waiting) override;
    void close() override;
    [[nodiscard]] std::size_t bytes() const override { return exchange_->bytes(); }

private:
    net::Executor executor_;
    CimQuestion question_;  // Until it is asked.
    std::shared_ptr<CimExchange> exchange_;
};

}  // namespace mullion::service
