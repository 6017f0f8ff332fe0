#include "service/requests/item_source.h"

#include <algorithm>
#include <utility>

namespace mullion::service {

bool move_batch(std::deque<std::string>& items, const Batching& most, std::vector<std::string>& out) {
    std::size_t bytes = 0;
    while (!items.empty() && out.size() < std::max<std::uint32_t>(most.items, 1)) {
        bytes += items.front().size();
        if (bytes > most.bytes) return !out.empty();
        out.push_back(std::move(items.front()));
        items.pop_front();
    }
    return true;
}

HeldItems::HeldItems(std::deque<std::string> items) : items_(std::move(items)) {
    for (const auto& item : items_) bytes_ += item.size();
}

net::Task<Taken> HeldItems::take(Batching most, Waiting /*waiting*/) {
    Taken out;
    if (!move_batch(items_, most, out.items)) out.fault = wsman::make_fault(wsman::code::response_too_large);
    for (const auto& item : out.items) bytes_ -= item.size();
    out.over = items_.empty();
    co_return out;
}

}  // namespace mullion::service
