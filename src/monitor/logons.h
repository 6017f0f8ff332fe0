// Passwords that PAM is being asked about: each in a child of its own, with a deadline.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "os/file.h"
#include "os/pam_service.h"
#include "os/spawn_messages.h"

namespace mullion::monitor {

class Logons {
public:
    // The network process keeps its own order, and lets more wait; here is where it ends. The latter by name
    // without case.
    static constexpr std::size_t most = 32;
    static constexpr std::size_t most_of_name = 4;

    struct Answer {
        os::LogonEnded told;
        uid_t uid = static_cast<uid_t>(-1);  // Of who is let in.
    };

    explicit Logons(os::PamService service) : service_(std::move(service)) {}
    Logons(const Logons&) = delete;
    Logons& operator=(const Logons&) = delete;
    ~Logons() { end_all(); }

    [[nodiscard]] bool has(std::uint64_t token) const { return asked_.contains(token); }
    // Nothing: the answer comes from collect().
    [[nodiscard]] std::optional<os::LogonEnded> begin(const os::LogonRequest& request, MonotonicTime now);
    // Those that are answered by now, and those whose time is over.
    [[nodiscard]] std::vector<Answer> collect(MonotonicTime now);
    // When collect() has something to do, whether or not a child ends.
    [[nodiscard]] std::optional<MonotonicTime> next_deadline() const;
    // Kills them all, with whatever they started.
    void end_all();

private:
    struct Asked {
        pid_t pid = -1;
        os::UniqueFd record;
        std::string name;
        MonotonicTime until{};
    };
    [[nodiscard]] bool is_full_for(const std::string& name) const;
    void reap_killed();

    os::PamService service_;
    std::map<std::uint64_t, Asked> asked_;
    std::vector<pid_t> killed_;  // Until the kernel is done with them.
};

}  // namespace mullion::monitor
