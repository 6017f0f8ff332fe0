#include "service/requests/operations.h"

#include <fmt/core.h>

#include <algorithm>

#include "service/shells/shell_faults.h"

namespace mullion::service {
namespace {

// Absent means 1. DSP0226 8.4
std::uint32_t most_items(const Visit& visit, std::optional<std::uint32_t> asked) {
    return std::min(asked.value_or(1), visit.settings->max_batch_items);
}

// What an Enumerate's Expires is given: no more than a day. EnumerationTimeoutms holds beside it.
// WS-Enumeration 3.1
std::optional<Duration> granted(std::optional<Duration> wish) {
    constexpr Duration most = std::chrono::hours(24);
    if (wish) wish = std::min(*wish, most);
    return wish;
}

Waiting waiting_of(const Visit& visit) {
    return {visit.deadline, visit.departure};
}

wsman::Fault too_much(std::size_t most) {
    return wsman::make_fault(
        wsman::code::quota_user,
        fmt::format("The WS-Management service cannot process the request. The load quota for this user has "
                    "been exceeded: {} bytes wait to be pulled. Pull or release what is enumerated. ",
                    most));
}

Enumerations::Owner owner_of(const Visit& visit, std::string resource) {
    return {visit.user, visit.account, visit.unix_user, std::move(resource)};
}

// A Pull's own limits, within those of the service. WS-Enumeration 3.2
Batching batching_of(const Visit& visit, const wsman::Pull& what) {
    const auto room = std::min<std::uint64_t>(visit.room, what.max_characters.value_or(visit.room));
    return {most_items(visit, what.max_elements), static_cast<std::size_t>(room), visit.utf16};
}

Waiting waiting_of(const Visit& visit, const wsman::Pull& what) {
    auto out = waiting_of(visit);
    // A day is as good as any longer time, of which clocks know no end.
    constexpr Duration day = std::chrono::hours(24);
    if (what.max_time)
        out.until = std::min(out.until, std::chrono::steady_clock::now() + std::min(*what.max_time, day));
    return out;
}

}  // namespace

std::optional<wsman::Fault> Operations::over_quota(const Visit& visit) const {
    const auto found = requests_.find(visit.user);
    const std::uint64_t requests = found == requests_.end() ? 0 : found->second.count;
    const auto most = visit.settings->max_operations_per_user;
    if (requests + enumerations_.count(visit.user) < most) return std::nullopt;
    return quota_fault(wsman::code::quota_operations, most);
}

Outcome<Operations::Place> Operations::begin(const Visit& visit) {
    const std::lock_guard lock(mutex_);
    if (auto fault = over_quota(visit)) return *fault;
    ++requests_[visit.user].count;
    return Place(*this, visit.user);
}

void Operations::end(const std::string& user, const ItemSource* source) {
    const std::lock_guard lock(mutex_);
    end_locked(user, source);
}

void Operations::end_locked(const std::string& user, const ItemSource* source) {
    const auto found = requests_.find(user);
    if (source != nullptr) std::erase(found->second.beginning, source);
    if (--found->second.count == 0) requests_.erase(found);
}

std::size_t Operations::bytes_locked(std::string_view user) const {
    std::size_t sum = enumerations_.bytes(user);
    const auto found = requests_.find(user);
    if (found == requests_.end()) return sum;
    for (const auto* const source : found->second.beginning) sum += source->bytes();
    return sum;
}

Outcome<Operations::Place> Operations::begin_enumeration(const Visit& visit, const ItemSource& source) {
    const std::lock_guard lock(mutex_);
    if (auto fault = over_quota(visit)) return *fault;
    if (bytes_locked(visit.user) + source.bytes() > most_) return too_much(most_);
    // From now on, and not from where it is left open: many may begin at once.
    auto& requests = requests_[visit.user];
    requests.beginning.push_back(&source);
    ++requests.count;
    return Place(*this, visit.user, &source);
}

std::string Operations::leave_open(Place place, const Visit& visit, std::string resource,
                                   std::unique_ptr<ItemSource> source, std::optional<Duration> life) {
    const std::lock_guard lock(mutex_);
    place.operations_ = nullptr;
    end_locked(place.user_, place.source_);
    return enumerations_.add(owner_of(visit, std::move(resource)), std::move(source),
                             Duration(visit.settings->enumeration_timeout_ms), life);
}

net::Task<Outcome<wsman::Batch>> Operations::enumerate(Visit visit, std::string resource,
                                                       std::unique_ptr<ItemSource> source,
                                                       wsman::Enumerate what) {
    auto place = begin_enumeration(visit, *source);
    if (!place.ok()) co_return place.fault();
    auto beginning = source->begin(waiting_of(visit));
    const auto begun = co_await std::move(beginning);
    if (!begun.ok()) co_return begun.fault();
    wsman::Batch batch;
    if (what.optimize) {
        const Batching most{most_items(visit, what.max_elements), visit.room, visit.utf16};
        auto taking = source->take(most, waiting_of(visit));
        auto taken = co_await std::move(taking);
        // Without items it is still his, and he pulls them when they are there.
        if (taken.fault && (taken.over || taken.fault->code != wsman::code::operation_timed_out))
            co_return std::move(*taken.fault);
        batch.items = std::move(taken.items);
        batch.end = taken.over;
    }
    if (batch.end) co_return batch;  // The context is there, and empty.
    batch.expires = granted(what.expires);
    batch.context =
        leave_open(std::move(place.value()), visit, std::move(resource), std::move(source), batch.expires);
    co_return batch;
}

// An enumeration for as long as one Pull of it is answered. Whatever happens meanwhile, it is given back; and
// is no more where nobody knows how far it came.
class Operations::Loan {
public:
    Loan(Operations& operations, std::string context)
        : operations_(operations), context_(std::move(context)) {}
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    ~Loan() {
        const std::lock_guard lock(operations_.mutex_);
        operations_.enumerations_.give_back(context_, over);
    }
    bool over = true;

private:
    Operations& operations_;
    std::string context_;
};

Outcome<Enumerations::Source> Operations::lend(const Visit& visit, std::string resource,
                                               const std::string& context) {
    const std::lock_guard lock(mutex_);
    return enumerations_.lend(owner_of(visit, std::move(resource)), context);
}

net::Task<Outcome<wsman::Batch>> Operations::pull(Visit visit, std::string resource, wsman::Pull what) {
    const auto lent = lend(visit, std::move(resource), what.context);
    if (!lent.ok()) co_return lent.fault();
    Loan loan(*this, what.context);
    auto taking = lent.value()->take(batching_of(visit, what), waiting_of(visit, what));
    auto taken = co_await std::move(taking);
    loan.over = taken.over;
    if (taken.fault) co_return std::move(*taken.fault);
    wsman::Batch batch;
    batch.items = std::move(taken.items);
    batch.end = taken.over;
    if (!taken.over) batch.context = what.context;
    co_return batch;
}

Done Operations::release(const Visit& visit, std::string_view resource, const std::string& context) {
    const std::lock_guard lock(mutex_);
    auto removed = enumerations_.remove(owner_of(visit, std::string(resource)), context);
    if (!removed.ok()) return removed.fault();
    removed.value()->close();  // A Pull that waits has it too.
    return Nothing{};
}

std::size_t Operations::bytes(std::string_view user) const {
    const std::lock_guard lock(mutex_);
    return bytes_locked(user);
}

void Operations::sweep() {
    const std::lock_guard lock(mutex_);
    enumerations_.sweep();
}

void Operations::end_of_deleted(const std::function<bool(const rights::Sid&)>& deleted) {
    const std::lock_guard lock(mutex_);
    enumerations_.end_of_deleted(deleted);
}

}  // namespace mullion::service
