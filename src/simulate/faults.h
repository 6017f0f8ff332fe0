// The faults of one host: which rule is due now.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "channel/server_connection.h"
#include "simulate/fleet.h"

namespace mullion::simulate {

class Faults {
public:
    // Only the rules for this host are looked at later.
    Faults(const Fleet& fleet, const HostSpec& host);

    // The first rule that is due at this time of this step; null: none. `command` is asked for only where a
    // rule wants to know. Every rule that the step and command fit counts this time.
    using Command = std::function<std::optional<CommandText>()>;
    [[nodiscard]] const FaultRule* due(Step step, const Command& command);
    [[nodiscard]] bool any() const { return !rules_.empty(); }

private:
    struct Rule {
        const FaultRule* rule;
        std::uint64_t seen = 0;
        std::uint64_t done = 0;
        std::uint64_t random = 0;  // The state of this rule's own chance, on this host.
    };
    [[nodiscard]] static bool is_due(Rule& rule);

    std::mutex mutex_;
    std::vector<Rule> rules_;
};

}  // namespace mullion::simulate
