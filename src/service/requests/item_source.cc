#include "service/requests/item_source.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace mullion::service {
namespace {

// What a text takes of the room. UTF-16 of what is UTF-8: a unit for each character, two beyond the BMP.
std::size_t taken_by(std::string_view text, bool utf16) {
    if (!utf16) return text.size();
    std::size_t units = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        units += ((byte & 0xC0) != 0x80 ? 1U : 0U) + (byte >= 0xF0 ? 1U : 0U);
    }
    return units;
}

}  // namespace

bool move_batch(std::deque<std::string>& items, const Batching& most, std::vector<std::string>& out) {
    std::size_t taken = 0;
    while (!items.empty() && out.size() < std::max<std::uint32_t>(most.items, 1)) {
        taken += taken_by(items.front(), most.utf16);
        if (taken > most.room) return !out.empty();
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
