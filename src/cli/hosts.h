// The hosts that a TARGET means: of an inventory, or written out.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "cli/inventory_options.h"
#include "core/result.h"
#include "inventory/host_plan.h"
#include "target/option_table.h"

namespace mullion::cli {

class Hosts {
public:
    virtual ~Hosts() = default;
    [[nodiscard]] virtual std::size_t count() const = 0;  // At least 1.
    // As results and errors show it.
    [[nodiscard]] virtual std::string name(std::size_t host) const = 0;
    // How it is reached, worked out when its turn comes. Errors are this host's alone.
    [[nodiscard]] virtual Result<inventory::Plan> plan(std::size_t host) = 0;

    // Logs on with this credential, every host (--credential). Errors: usage.invalid (TARGET names a user)
    [[nodiscard]] virtual Result<void> use_credential(const std::string& credential);
    // What the host refers to in the secret store: looked up for all of them before the first plan(), which
    // fills it in by `fill`.
    [[nodiscard]] virtual inventory::References references(std::size_t host);
    virtual void fill_credentials(inventory::FillCredential fill);
};

using Notify = std::function<void(std::string)>;

// True when TARGET is a pattern over an inventory: one is given, and TARGET is no URL.
[[nodiscard]] bool is_pattern(std::string_view text, const InventoryOptions& options);

// "web01,https://admin@web02:5986,[::1]:5985". Errors: usage.target, usage.invalid
[[nodiscard]] Result<std::unique_ptr<Hosts>> make_host_list(std::string_view text,
                                                            const target::GivenOptions& given,
                                                            const InventoryOptions& options);

// Loads the inventory and selects. `secrets` is for connectors. `notify` gets what is worth a warning.
// Without `wants_password` the variables' are left alone. Errors: those of load_inventory, usage.pattern
[[nodiscard]] Result<std::unique_ptr<Hosts>> select_from_inventory(std::string_view pattern,
                                                                   const target::GivenOptions& given,
                                                                   const InventoryOptions& options,
                                                                   const SecretWords& secrets, Notify notify,
                                                                   bool wants_password);

}  // namespace mullion::cli
