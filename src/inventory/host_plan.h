// From a host of the inventory to how it is reached, or why it is not.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "core/result.h"
#include "core/secret.h"
#include "inventory/inventory.h"
#include "target/option_table.h"

namespace mullion::inventory {

struct Reach {
    target::Target target;           // Settled; target.name is the inventory's name of the host.
    std::optional<Secret> password;  // Of the variables; none: the operator's.
};
// Not meant for WinRM: ansible_connection is ssh, local …
struct Skip {
    std::string reason;
};
using Plan = std::variant<Reach, Skip>;

// Plans hosts, each alone: what is wrong with one is that one's result. Safe from one thread at a time.
class Planner {
public:
    // `given` are the flags of the command line, which win over variables. `notify` gets what is worth a
    // warning, each once for the whole run: an unknown ansible_winrm_ variable, a deprecated alias.
    Planner(const Inventory& inventory, target::GivenOptions given, std::function<void(std::string)> notify);
    ~Planner();
    // Errors: inventory.variable (FILE:LINE, which variable, why), inventory.become, inventory.vault,
    // usage.…
    [[nodiscard]] Result<Plan> plan(HostIndex host);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mullion::inventory
