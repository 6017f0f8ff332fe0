// Who has a place among the connections, and who gives way. Strangers must not keep people out, nor one
// account the others. Used by the accepting thread and by those of the connections.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "core/clock.h"

namespace mullion::service {

class ConnectionPlaces {
public:
    // How long a stranger keeps his place when others wait for one: for a log-on on a busy machine.
    static constexpr Duration patience{5'000};

    explicit ConnectionPlaces(const Clock& clock) : clock_(clock) {}

    struct Where {
        std::uint64_t id = 0;
        std::size_t thread = 0;
    };
    struct Taken {
        std::uint64_t id = 0;
        std::optional<Where> instead_of;  // This connection must be ended; its place is the new one's.
    };
    // A place for a connection of that thread; nothing when all of `limit` are taken by people who proved
    // themselves, or by strangers who have only just come.
    [[nodiscard]] std::optional<Taken> take(std::size_t thread, unsigned limit);
    // The connection is this account's from now on. False: the account has its share, seven eighths of
    // `limit`.
    // A place beside those, for who must always get in: the operator at this machine (ADR 33). Nothing when
    // `limit` of such places are taken.
    [[nodiscard]] std::optional<Taken> take_beside(std::size_t thread, unsigned limit);
    [[nodiscard]] bool claim(std::uint64_t id, const std::string& user, unsigned limit);
    void leave(std::uint64_t id);
    // Of all that are open, those that are giving way included.
    [[nodiscard]] std::size_t count() const;

private:
    struct Place {
        std::size_t thread = 0;
        MonotonicTime since{};
        std::string user;  // Empty: a stranger.
        bool gives_way = false;
        bool beside = false;
    };
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::uint64_t next_ = 1;
    std::map<std::uint64_t, Place> places_;  // By id, and so by age.
    std::map<std::string, unsigned> of_accounts_;
    std::size_t giving_way_ = 0;
    std::size_t beside_ = 0;
};

}  // namespace mullion::service
