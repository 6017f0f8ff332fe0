// From a host of the inventory to how it is reached, or why it is not.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.h"
#include "core/secret.h"
#include "inventory/inventory.h"
#include "target/option_table.h"

namespace mullion::inventory {

struct Reach {
    target::Target target;           // Settled; target.name is the inventory's name of the host.
    std::optional<Secret> password;  // Of the variables; none: the operator's. May be an expression of one.
    std::string credential =
        {};  // Of the secret store, as it is named; empty: none. Then no password is here.
};
// Not meant for WinRM: ansible_connection is ssh, local …
struct Skip {
    std::string reason;
};
using Plan = std::variant<Reach, Skip>;

// What a host refers to in the secret store, as it is written there; empty: nothing.
struct References {
    std::string credential;
    std::string password;  // An expression; never a password itself.
    [[nodiscard]] bool empty() const { return credential.empty() && password.empty(); }
};

// Says of a target what the credential of that name decides. Errors are the host's.
using FillCredential = std::function<Result<void>(const std::string& credential, target::Target& target)>;

// A variable that took part in a plan.
struct Origin {
    std::string_view variable;               // Under the name that it was found by.
    const target::OptionRow* row = nullptr;  // Null: the password, or the connection.
    Place place;
};

// Plans hosts, each alone: what is wrong with one is that one's result. Safe from one thread at a time.
class Planner {
public:
    // Flags win over variables, and a variable that a flag made needless is not looked at. `notify` gets what
    // is worth a warning, each once for the whole run: an unknown ansible_winrm_ variable, a deprecated
    // alias. Without `wants_password` (the operator gave one) those of variables are left alone.
    Planner(const Inventory& inventory, target::GivenOptions given, std::function<void(std::string)> notify,
            bool wants_password = true);
    ~Planner();

    // Every host's, over the variable (--credential); empty: the variable's.
    void use_credential(std::string credential);
    // Without it what a credential decides stays as it is.
    void fill_credentials(FillCredential fill);
    // What has to be looked up before plan(). Vaulted passwords are not opened for it, and what is wrong with
    // a variable is told by plan().
    [[nodiscard]] References references(HostIndex host);

    // `origins`, where given, gets the variables that were used. Errors: inventory.variable (FILE:LINE, which
    // variable, why), inventory.become, inventory.vault, usage.…
    [[nodiscard]] Result<Plan> plan(HostIndex host, std::vector<Origin>* origins = nullptr);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mullion::inventory
