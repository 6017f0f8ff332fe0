// The flags that every command with a TARGET has: target's option table, the inventory's, and the password's.
#pragma once

#include <CLI/App.hpp>

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "cli/host_secrets.h"
#include "cli/hosts.h"
#include "cli/inventory_options.h"
#include "cli/password.h"
#include "core/result.h"
#include "target/option_table.h"

namespace mullion::cli {

struct ConnectionOptions {
    std::string text;            // TARGET
    target::GivenOptions given;  // They win over an inventory's variables.
    std::shared_ptr<InventoryOptions> inventory;
    PasswordSource password;
    std::string credential;  // --credential, of every host.
    SecretWords secrets;
};

// Declares TARGET and the flags.
[[nodiscard]] std::shared_ptr<ConnectionOptions> declare_connection(CLI::App& app);
// The flags alone, for a command that has another place for TARGET. Those in `taken` mean something else
// there, and are --via-user and so on.
[[nodiscard]] std::shared_ptr<ConnectionOptions> declare_way(CLI::App& app,
                                                             std::initializer_list<std::string_view> taken);

// What TARGET means. An inventory is only looked at for a pattern. `notify` gets what is worth a warning.
// Errors: those of make_host_list and select_from_inventory
[[nodiscard]] Result<std::unique_ptr<Hosts>> find_hosts(const ConnectionOptions& options, Notify notify);

}  // namespace mullion::cli
