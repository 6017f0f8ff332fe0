#include "service/enumerations.h"

#include <algorithm>
#include <utility>

#include "http/message.h"
#include "wsman/fault.h"

namespace mullion::service {
namespace {

std::size_t size_of(const std::deque<std::string>& items) {
    std::size_t sum = 0;
    for (const auto& item : items) sum += item.size();
    return sum;
}

// Moves as many items as fit. False when not even the first one does.
bool take(std::deque<std::string>& items, Enumerations::Batching most, wsman::Batch& out) {
    std::size_t bytes = 0;
    while (!items.empty() && out.items.size() < std::max<std::uint32_t>(most.items, 1)) {
        bytes += items.front().size();
        if (bytes > most.bytes) return !out.items.empty();
        out.items.push_back(std::move(items.front()));
        items.pop_front();
    }
    return true;
}

}  // namespace

bool Enumerations::belongs_to(const Open& one, const Owner& owner) {
    return one.owner.user == owner.user && http::same_without_case(one.owner.resource, owner.resource);
}

Outcome<wsman::Batch> Enumerations::open(Owner owner, std::deque<std::string> items, bool optimize,
                                         Batching most, Duration idle_limit) {
    wsman::Batch batch;
    if (optimize) {
        if (!take(items, most, batch)) return wsman::make_fault(wsman::code::response_too_large);
        batch.end = items.empty();
        if (batch.end) return batch;  // The context is there, and empty.
    }
    batch.context = new_guid(random_);
    const std::size_t bytes = size_of(items);
    open_[batch.context] = {std::move(owner), std::move(items), bytes, idle_limit, clock_.now()};
    return batch;
}

Outcome<wsman::Batch> Enumerations::pull(const Owner& owner, const std::string& context, Batching most) {
    sweep();  // One whose time is over is no more, whether or not anybody has looked since.
    const auto found = open_.find(context);
    if (found == open_.end() || !belongs_to(found->second, owner))
        return wsman::make_fault(wsman::code::invalid_enumeration_context);
    wsman::Batch batch;
    if (!take(found->second.items, most, batch)) return wsman::make_fault(wsman::code::response_too_large);
    found->second.last_used = clock_.now();
    for (const auto& item : batch.items) found->second.bytes -= item.size();
    batch.end = found->second.items.empty();
    if (batch.end)
        open_.erase(found);
    else
        batch.context = context;
    return batch;
}

Done Enumerations::release(const Owner& owner, const std::string& context) {
    const auto found = open_.find(context);
    if (found == open_.end() || !belongs_to(found->second, owner))
        return wsman::make_fault(wsman::code::invalid_enumeration_context);
    open_.erase(found);
    return Nothing{};
}

std::uint64_t Enumerations::count(std::string_view user) const {
    const auto his = [&](const auto& one) { return one.second.owner.user == user; };
    return static_cast<std::uint64_t>(std::count_if(open_.begin(), open_.end(), his));
}

std::size_t Enumerations::bytes(std::string_view user) const {
    std::size_t sum = 0;
    for (const auto& [id, one] : open_) {
        if (one.owner.user == user) sum += one.bytes;
    }
    return sum;
}

void Enumerations::sweep() {
    std::erase_if(
        open_, [&](const auto& one) { return clock_.now() - one.second.last_used >= one.second.idle_limit; });
}

}  // namespace mullion::service
