// The flags that say where hosts and their variables come from: -i, -e and the vault's passwords. Every
// command over an inventory has them.
#pragma once

#include <CLI/App.hpp>

#include <memory>
#include <string>
#include <vector>

#include "cli/store_in_use.h"
#include "core/result.h"
#include "inventory/inventory.h"

namespace mullion::cli {

struct InventoryOptions {
    std::vector<std::string> inventories;           // -i
    std::vector<std::string> extra_variables;       // -e
    std::vector<std::string> vault_password_files;  // --vault-password-file
    std::vector<std::string> vault_ids;             // --vault-id LABEL@FILE
};

// Declares the flags; the result lives as long as somebody holds it.
[[nodiscard]] std::shared_ptr<InventoryOptions> declare_inventory(CLI::App& app);
// Likewise, into options that subcommands share.
void declare_inventory(CLI::App& app, const std::shared_ptr<InventoryOptions>& options);

// What -i names, or else MULLION_INVENTORY (several with commas between). Empty: no inventory was given.
[[nodiscard]] std::vector<std::string> inventory_paths(const InventoryOptions& options);

// Reads the vault's passwords, then the inventory; an inventory without any path is one without hosts. Where
// one of them is a connector's, the store of `secrets` is opened.
// Errors: usage.file, usage.invalid, usage.password_missing (LABEL@prompt), those of Inventory::load and of
// connector_inventories
[[nodiscard]] Result<std::unique_ptr<inventory::Inventory>> load_inventory(const InventoryOptions& options,
                                                                           const SecretWords& secrets);

}  // namespace mullion::cli
