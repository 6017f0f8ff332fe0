#include "service/requests/enumerations.h"

#include <algorithm>
#include <utility>

#include "http/message.h"
#include "wsman/fault.h"

namespace mullion::service {
namespace {

constexpr std::uint32_t in_use = 0x80338032;  // ERROR_WSMAN_CONCURRENCY; w:Concurrency, DSP0226 14.6

bool same(const Enumerations::Owner& one, const Enumerations::Owner& other) {
    return one.user == other.user && one.account == other.account && one.unix_user == other.unix_user &&
           http::same_without_case(one.resource, other.resource);
}

}  // namespace

Enumerations::All::iterator Enumerations::find(const Owner& owner, const std::string& context) {
    const auto found = open_.find(context);
    return found == open_.end() || !same(found->second.owner, owner) ? open_.end() : found;
}

std::string Enumerations::add(Owner owner, Source source, Duration idle_limit, std::optional<Duration> life) {
    std::string context = new_guid(random_);
    const auto now = clock_.now();
    open_[context] = {std::move(owner), std::move(source), idle_limit, now,
                      life ? now + *life : MonotonicTime::max()};
    return context;
}

Outcome<Enumerations::Source> Enumerations::lend(const Owner& owner, const std::string& context) {
    sweep();  // One whose time is over is no more, whether or not anybody has looked since.
    const auto found = find(owner, context);
    if (found == open_.end()) return wsman::make_fault(wsman::code::invalid_enumeration_context);
    if (found->second.lent) return wsman::make_fault(in_use);
    found->second.lent = true;
    return found->second.source;
}

void Enumerations::give_back(const std::string& context, bool over) {
    const auto found = open_.find(context);
    if (found == open_.end()) return;
    found->second.lent = false;
    found->second.last_used = clock_.now();
    if (over) open_.erase(found);
}

Outcome<Enumerations::Source> Enumerations::remove(const Owner& owner, const std::string& context) {
    const auto found = find(owner, context);
    if (found == open_.end()) return wsman::make_fault(wsman::code::invalid_enumeration_context);
    auto source = std::move(found->second.source);
    open_.erase(found);
    return source;
}

std::uint64_t Enumerations::count(std::string_view user) const {
    const auto his = [&](const auto& one) { return one.second.owner.user == user; };
    return static_cast<std::uint64_t>(std::count_if(open_.begin(), open_.end(), his));
}

std::size_t Enumerations::bytes(std::string_view user) const {
    std::size_t sum = 0;
    for (const auto& [id, one] : open_) {
        if (one.owner.user == user) sum += one.source->bytes();
    }
    return sum;
}

void Enumerations::sweep() {
    const auto now = clock_.now();
    std::erase_if(open_, [&](const auto& one) {
        const auto& open = one.second;
        return !open.lent && (now - open.last_used >= open.idle_limit || now >= open.end);
    });
}

void Enumerations::end_of_deleted(const std::function<bool(const rights::Sid&)>& deleted) {
    std::erase_if(open_, [&](const auto& one) {
        if (!deleted(one.second.owner.account)) return false;
        one.second.source->close();
        return true;
    });
}

}  // namespace mullion::service
