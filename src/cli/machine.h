// What is looked at and changed on this machine beside the service itself: its unit and the firewall. Both
// are programs of the machine's own (systemctl; firewall-cmd, ufw, nft), so that tests put others in their
// place.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"

namespace mullion::cli {

inline constexpr const char* unit_name = "mullion.service";

struct UnitState {
    bool systemd = false;  // The machine is run by it.
    bool known = false;    // There is such a unit.
    bool active = false;
    std::string state;       // "active (running)", "failed (Result: exit-code)".
    std::string start_type;  // Of UnitFileState: "enabled", "disabled", "masked" …
    [[nodiscard]] bool starts_by_itself() const { return start_type == "enabled"; }
};

// One command of the firewall's, and what it is for.
using CommandWords = std::vector<std::string>;

struct FirewallState {
    std::string name;                   // "firewalld", "ufw", "nftables"; empty: none holds anything back.
    bool open = true;                   // The port is, or nothing holds it back.
    std::vector<CommandWords> to_open;  // Commands, in their order.
    std::string remark;                 // What they do not do.
    std::string unseen;                 // Why it is not known; `open` means nothing then.
};

class Machine {
public:
    virtual ~Machine() = default;
    [[nodiscard]] virtual Result<UnitState> unit() = 0;
    [[nodiscard]] virtual Result<FirewallState> firewall(std::uint16_t port) = 0;
    // Errors: usage.unsupported, with what the program said
    [[nodiscard]] virtual Result<void> change(const CommandWords& words) = 0;
    [[nodiscard]] virtual std::string host_name() = 0;
};

class ThisMachine final : public Machine {
public:
    [[nodiscard]] Result<UnitState> unit() override;
    [[nodiscard]] Result<FirewallState> firewall(std::uint16_t port) override;
    [[nodiscard]] Result<void> change(const CommandWords& words) override;
    [[nodiscard]] std::string host_name() override;
};

// The answer of `systemctl show --property=…`: NAME=VALUE lines.
[[nodiscard]] UnitState unit_shown(const std::string& text);

// As it is typed: words with anything special in them are quoted.
[[nodiscard]] std::string command_text(const CommandWords& words);

// firewall.cc. The first that is active counts: firewalld and ufw keep nftables' rules themselves.
[[nodiscard]] Result<FirewallState> look_at_firewall(std::uint16_t port);
// What `nft -j list ruleset` says of a port. Nothing that can be read there holds it back.
[[nodiscard]] FirewallState nftables_state(const std::string& json, std::uint16_t port);

}  // namespace mullion::cli
