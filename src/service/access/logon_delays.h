// How long log-ons are put off after others have failed: by account and by address, each doubling up to a few
// seconds. It holds up who guesses; who is let in meanwhile is held up no longer than `longest`, once.
//
// What was weighed. An attacker who knows a name makes the holder of that account wait for `longest` when he
// logs on, from wherever he comes: no longer, for his own success ends it, and never for good, since accounts
// are not locked. An address waits before its password is even looked at, and has few places to wait in: a
// guesser who opens many connections gets no more guesses by it, but who shares his address (a NAT) is turned
// away with 503 while he fills them. The machine's own address is not counted: behind it may be a tunnel or a
// proxy, and so everybody. Windows has no settings of these names, so neither have we.
#pragma once

#include <array>
#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/clock.h"

namespace mullion::service {

// Failures by name, of a bounded number of names: the one that failed longest ago is forgotten for a new one.
// One failure of each is forgiven a minute, so that a job somewhere with an old password slows nobody down.
class FailureTable {
public:
    static constexpr Duration forgiven_each{std::chrono::minutes(1)};
    struct Entry {
        std::string name;
        unsigned failures = 0;
        unsigned waiting = 0;
        MonotonicTime since{};  // From then on the next one is being forgiven.
    };
    // No more failures than that are counted of one: what is over is soon forgiven.
    FailureTable(std::size_t most_names, unsigned most_failures)
        : most_names_(most_names), most_failures_(most_failures) {}

    // Null: nothing is held against it.
    [[nodiscard]] Entry* find(const std::string& name, MonotonicTime now);
    void failed(const std::string& name, MonotonicTime now);
    void forget(const std::string& name);
    [[nodiscard]] std::size_t size() const { return entries_.size(); }

private:
    using Entries = std::list<Entry>;
    std::size_t most_names_;
    unsigned most_failures_;
    Entries entries_;  // Who failed last is first.
    std::unordered_map<std::string, Entries::iterator> by_name_;
};

// Not thread-safe.
class LogonDelays {
public:
    static constexpr Duration shortest{250};
    static constexpr Duration longest{5'000};
    // Before any delay. An address may be a whole fleet's controller, or a NAT.
    static constexpr unsigned free_for_account = 5;
    static constexpr unsigned free_for_address = 20;
    static constexpr unsigned doublings = 5;     // From the shortest to the longest.
    static constexpr unsigned most_waiting = 8;  // Of one address.
    static constexpr std::size_t most_names = 4'096;

    explicit LogonDelays(std::size_t most = most_names)
        : accounts_(most, free_for_account + doublings), addresses_(most, free_for_address + doublings) {}

    // What somebody from there waits before he is checked; counts him among those who wait until waited().
    // Nothing: there is no place left to wait in.
    [[nodiscard]] std::optional<Duration> arrives(std::string_view address, MonotonicTime now);
    void waited(std::string_view address, MonotonicTime now);
    // What the answer to a log-on as `who` is held back, whichever it is: a right guess must not show by its
    // being quicker.
    [[nodiscard]] Duration owed(std::string_view who, MonotonicTime now);
    void failed(std::string_view who, std::string_view address, MonotonicTime now);
    // Forgets the account's failures, not the address's: a guesser may have an account of his own.
    void succeeded(std::string_view who);

private:
    FailureTable accounts_, addresses_;
};

// An account's name without domains and realms, in small letters; empty for what is no name.
[[nodiscard]] std::string counted_account(std::string_view who);
// An IPv4 address, or the /64 of an IPv6 one, which is one customer's; empty for this machine's own, and for
// what is no address.
[[nodiscard]] std::string counted_address(std::string_view address);

}  // namespace mullion::service
