#include "service/access/logon_delays.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>

#include "auth/account_name.h"
#include "encoding/hex.h"

namespace mullion::service {
namespace {

Duration delay_after(unsigned failures, unsigned free) {
    if (failures < free) return Duration(0);
    const unsigned doublings = std::min(failures - free, LogonDelays::doublings);
    return std::min(LogonDelays::longest, LogonDelays::shortest * (1U << doublings));
}

std::string_view bytes_of(const in6_addr& address, std::size_t count) {
    return {reinterpret_cast<const char*>(address.s6_addr), count};
}

}  // namespace

FailureTable::Entry* FailureTable::find(const std::string& name, MonotonicTime now) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) return nullptr;
    Entry& entry = *found->second;
    const auto minutes = (now - entry.since) / forgiven_each;
    entry.since += minutes * forgiven_each;
    entry.failures -= static_cast<unsigned>(std::min<decltype(minutes)>(minutes, entry.failures));
    if (entry.failures > 0 || entry.waiting > 0) return &entry;
    forget(name);
    return nullptr;
}

void FailureTable::failed(const std::string& name, MonotonicTime now) {
    if (find(name, now) == nullptr) {
        if (entries_.size() >= most_names_) {
            by_name_.erase(entries_.back().name);
            entries_.pop_back();
        }
        entries_.push_front({name, 0, 0, now});
        by_name_[name] = entries_.begin();
    }
    const auto entry = by_name_.at(name);
    if (entry->failures == 0) entry->since = now;
    entry->failures = std::min(entry->failures + 1, most_failures_);
    entries_.splice(entries_.begin(), entries_, entry);
}

void FailureTable::forget(const std::string& name) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) return;
    const auto entry = found->second;
    by_name_.erase(found);
    entries_.erase(entry);  // Last: `name` may be its own.
}

std::optional<Duration> LogonDelays::arrives(std::string_view address, MonotonicTime now) {
    auto* const entry = addresses_.find(counted_address(address), now);
    if (entry == nullptr) return Duration(0);
    const Duration delay = delay_after(entry->failures, free_for_address);
    if (delay == Duration(0)) return delay;
    if (entry->waiting >= most_waiting) return std::nullopt;
    ++entry->waiting;
    return delay;
}

void LogonDelays::waited(std::string_view address, MonotonicTime now) {
    auto* const entry = addresses_.find(counted_address(address), now);
    // It may have been forgotten for another one meanwhile.
    if (entry != nullptr && entry->waiting > 0) --entry->waiting;
}

Duration LogonDelays::owed(std::string_view who, MonotonicTime now) {
    const auto* const entry = accounts_.find(counted_account(who), now);
    return entry == nullptr ? Duration(0) : delay_after(entry->failures, free_for_account);
}

void LogonDelays::failed(std::string_view who, std::string_view address, MonotonicTime now) {
    // Names that no account has are counted like others: the difference would tell which there are.
    if (const auto name = counted_account(who); !name.empty()) accounts_.failed(name, now);
    if (const auto place = counted_address(address); !place.empty()) addresses_.failed(place, now);
}

void LogonDelays::succeeded(std::string_view who) {
    accounts_.forget(counted_account(who));
}

// NTLM's domain stands in front of a name that may have a domain or a realm of its own, which count for
// nothing either: written out again each time they would be as many accounts, and one of them is looked up.
std::string counted_account(std::string_view who) {
    who = who.substr(who.rfind('\\') + 1);  // npos + 1 is the beginning.
    who = who.substr(0, who.find('@'));
    auto names = auth::account_names(who);
    if (names.empty()) return {};
    std::string name = std::move(names.front());
    for (char& c : name)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return name;
}

std::string counted_address(std::string_view address) {
    const std::string text(address.substr(0, address.find('%')));  // Without its scope.
    in_addr four{};
    if (inet_pton(AF_INET, text.c_str(), &four) == 1)
        return four.s_addr == htonl(INADDR_LOOPBACK) ? std::string() : text;
    in6_addr six{};
    if (inet_pton(AF_INET6, text.c_str(), &six) != 1 || IN6_IS_ADDR_LOOPBACK(&six)) return {};
    if (IN6_IS_ADDR_V4MAPPED(&six)) {
        std::array<char, INET_ADDRSTRLEN> mapped{};
        inet_ntop(AF_INET, &six.s6_addr[12], mapped.data(), mapped.size());
        return counted_address(mapped.data());
    }
    return encoding::to_hex(bytes_of(six, 8)) + "/64";
}

}  // namespace mullion::service
