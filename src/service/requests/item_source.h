// Where the items of an enumeration come from: they are all there, or somebody makes them as they are asked
// for.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "channel/departure.h"
#include "core/clock.h"
#include "net/task.h"
#include "service/requests/outcome.h"

namespace mullion::service {

// For how long somebody waits.
struct Waiting {
    MonotonicTime until = MonotonicTime::max();
    std::shared_ptr<channel::Departure> departure = nullptr;  // Null: nobody looks whether he is still there.
    [[nodiscard]] bool gone() const { return departure && departure->happened(); }
};

// How much one batch may hold: items, and of their XML as much as Visit::room has it.
struct Batching {
    std::uint32_t items = 1;
    std::size_t room = 0;
    bool utf16 = false;  // The room is in its units.
};

// What a batch came to. With a fault there are no items.
struct Taken {
    std::vector<std::string> items = {};
    std::optional<wsman::Fault> fault = {};
    bool over = false;  // Nothing follows: all was said, or the fault is the last word.
};

// From any thread; one call at a time but for close() and bytes().
class ItemSource {
public:
    virtual ~ItemSource() = default;
    // Once, before the first take(). Faults: all that is wrong with the whole enumeration and known by then.
    [[nodiscard]] virtual net::Task<Done> begin(Waiting /*waiting*/) { co_return Nothing{}; }
    // At least one item, or over, or a fault: response_too_large (the next item does not fit),
    // operation_timed_out (there is none yet) … Where it is not over, every item is still to come.
    [[nodiscard]] virtual net::Task<Taken> take(Batching most, Waiting waiting) = 0;
    // For good: a take() that waits ends.
    virtual void close() {}
    // What it may hold in memory.
    [[nodiscard]] virtual std::size_t bytes() const = 0;
};

// Moves as many items as fit. False when not even the first one does.
[[nodiscard]] bool move_batch(std::deque<std::string>& items, const Batching& most,
                              std::vector<std::string>& out);

// Items that are all there.
class HeldItems final : public ItemSource {
public:
    explicit HeldItems(std::deque<std::string> items);

    [[nodiscard]] net::Task<Taken> take(Batching most, Waiting waiting) override;
    [[nodiscard]] std::size_t bytes() const override { return bytes_; }

private:
    std::deque<std::string> items_;
    std::atomic<std::size_t> bytes_ = 0;  // Asked for by other threads while items are taken.
};

}  // namespace mullion::service
