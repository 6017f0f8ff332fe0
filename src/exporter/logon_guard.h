// Keeps a wrong password from locking an account out: domains do so after a handful of refusals within half
// an hour, and a fleet that is scraped once a minute would bring a hundred times as many.
//
// - A host that refused is not logged on to again for an hour, then two, and so on up to a day.
// - Three hosts that refused one after the other, and none that let us in between, hold the auth: nobody logs
//   on with it for half an hour, then one at a time until one lets us in. Sessions that are logged on go on.
// - Where no log-on has gone well lately, no more go at a time than may still be refused; the others wait.
//
// A host that was refused before says nothing about the auth when it is refused again: one bad password of
// many good ones holds nobody up. A reload forgets all of it; another password has no refusals yet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "exporter/allow_list.h"

namespace mullion::exporter {

class LogonGuard {
public:
    struct Limits {
        unsigned refusals = 3;     // One after the other, which hold the auth.
        Duration hold{1'800'000};  // How long; twice that for the first refusal of a host.
        Duration longest{86'400'000};
        Duration trusted{600'000};   // After a log-on that went well any number goes at a time.
        Duration patience{120'000};  // A log-on that nobody tells the end of has ended by then.
    };
    // Called once, from any thread. The error is auth.rejected: it was not tried, and why.
    using Answer = std::function<void(Result<void>)>;

    explicit LogonGuard(const Clock& clock) : LogonGuard(clock, Limits{}) {}
    LogonGuard(const Clock& clock, Limits limits) : clock_(clock), limits_(limits) {}

    // An auth with one edition of its password: who logs on, in all of what follows.
    [[nodiscard]] static std::string account(std::string_view auth, std::string_view edition);

    // Who is logged on to. What a host refuses counts for all of its names; a session is of one name, and
    // sessions of one host log on one after the other.
    struct Target {
        std::string host, name;
    };
    // WinRM's two ports are of one host, and so is a port that is not said, unless the auth says which it is
    // then (0: it does not). Behind any other port may be another host (a forwarded one).
    [[nodiscard]] static Target target(const TargetName& name, std::uint16_t port_of_auth);

    // From any thread. `target` wants to be logged on to: now, later or not at all.
    void ask(const std::string& account, const Target& target, Answer answer);
    // What ask() would refuse at once: for who would connect for nothing.
    [[nodiscard]] std::optional<Error> held(const std::string& account, const Target& target);

    // What came of it. Who did not ask has not logged on, and says nothing new.
    void succeeded(const std::string& account, const Target& target);
    void refused(const std::string& account, const Target& target);
    // Neither: the host was not reached, or the time was over. Also takes back a question that waits.
    void ended(const std::string& account, const Target& target);

    // All that was refused.
    void forget_all();
    // Nobody logs on any more; who waits is told.
    void close();

    struct Told {
        std::string auth;
        bool held = false;
        std::size_t targets_held = 0;           // Hosts.
        std::uint64_t refused = 0, spared = 0;  // Log-ons; those that were not tried.
    };
    // Of each auth that was asked for: what holds is that of the edition that was asked for last.
    [[nodiscard]] std::vector<Told> told() const;

    // An error that says that the host refused the account, and counts it.
    [[nodiscard]] static bool is_refusal(const Error& error);

private:
    struct Suspect {
        unsigned times = 0;
        MonotonicTime until{};
    };
    struct Waiter {
        Target target;
        Answer answer;
    };
    struct Going {
        std::string name;
        MonotonicTime until{};  // It is waited for.
    };
    struct Account {
        std::string auth = {};
        MonotonicTime asked{};
        unsigned refusals = 0;  // One after the other.
        bool held = false;      // Until then, and then until one log-on went well.
        MonotonicTime held_until{}, trusted_until{};
        std::map<std::string, Going> going{};  // By host, as suspects are.
        std::map<std::string, Suspect> suspects{};
        std::deque<Waiter> waiting{};
        std::uint64_t refused = 0, spared = 0;
    };
    using Calls = std::vector<std::function<void()>>;

    // taken: another session is at this host; full: nobody else may go now.
    enum class Way { free, taken, full };

    [[nodiscard]] std::optional<Error> refusal(const Account& state, const Target& target) const;
    [[nodiscard]] Way way_to(Account& state, const Target& target) const;
    [[nodiscard]] Account& account_of(const std::string& account);
    void let_in(Account& state, Calls& calls);
    // False: this session was not at it.
    static bool end_of(Account& state, const Target& target);
    static void forget(Account& state);

    const Clock& clock_;
    const Limits limits_;
    mutable std::mutex mutex_;
    std::map<std::string, Account> accounts_;
    bool closed_ = false;
};

}  // namespace mullion::exporter
