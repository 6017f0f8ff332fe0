#include "cli/inventory_options.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string_view>

#include "cli/connector_inventory.h"
#include "cli/vault_passwords.h"
#include "os/file.h"

namespace mullion::cli {
namespace {

std::string from_environment(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

std::vector<std::string> split_at_commas(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto comma = text.find(',');
        if (comma != 0) parts.emplace_back(text.substr(0, comma));
        text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    }
    return parts;
}

// Whoever made the file may not know that its name means something else now.
Result<void> check_no_file(const std::string& path) {
    if (!inventory::names_connector(path) || !os::file_exists(path)) return {};
    Error error(ErrorId::usage_invalid, fmt::format("{}: a file of this name is here, too", path));
    error.advice.push_back(
        fmt::format("./{} is the file. For the connector rename it, or begin from another folder.", path));
    return error;
}

}  // namespace

void declare_inventory(CLI::App& app, const std::shared_ptr<InventoryOptions>& options) {
    const auto add = [&](const char* names, std::vector<std::string>& into, const char* type,
                         const char* help) {
        app.add_option(names, into, help)->allow_extra_args(false)->type_name(type)->group("Inventory");
    };
    add("-i,--inventory", options->inventories, "PATH|connector:REF",
        "Ansible inventory, a file or a folder, or the hosts of a connector of the secret store; may be "
        "repeated (default MULLION_INVENTORY)");
    add("-e,--extra-vars", options->extra_variables, "KEY=VALUE|@FILE",
        "A variable for every host, over those of the inventory; may be repeated");
    add("--vault-password-file", options->vault_password_files, "FILE",
        "Password of ansible-vault (default MULLION_VAULT_PASSWORD_FILE); may be repeated");
    add("--vault-id", options->vault_ids, "LABEL@FILE",
        "Password of the vault texts with that label; LABEL@prompt asks for it; may be repeated");
}

std::shared_ptr<InventoryOptions> declare_inventory(CLI::App& app) {
    auto options = std::make_shared<InventoryOptions>();
    declare_inventory(app, options);
    return options;
}

std::vector<std::string> inventory_paths(const InventoryOptions& options) {
    if (!options.inventories.empty()) return options.inventories;
    return split_at_commas(from_environment("MULLION_INVENTORY"));
}

Result<std::unique_ptr<inventory::Inventory>> load_inventory(const InventoryOptions& options,
                                                             const SecretWords& secrets) {
    inventory::Sources sources;
    sources.paths = inventory_paths(options);
    for (const auto& path : sources.paths) MULLION_TRY(check_no_file(path));
    MULLION_ASSIGN(const auto scope, secrets::parse_scope(secrets.scope));
    MULLION_ASSIGN(sources.texts, connector_inventories(sources.paths, scope, hosts_in_store(secrets)));
    sources.extra_variables = options.extra_variables;
    auto files = options.vault_password_files;
    if (files.empty() && options.vault_ids.empty()) {
        if (auto named = from_environment("MULLION_VAULT_PASSWORD_FILE"); !named.empty())
            files.push_back(std::move(named));
    }
    for (const auto& file : files) {
        MULLION_ASSIGN(auto password, read_vault_password({"default", file}));
        sources.vault_passwords.push_back(std::move(password));
    }
    for (const auto& id : options.vault_ids) {
        MULLION_ASSIGN(const auto source, parse_vault_id(id));
        MULLION_ASSIGN(auto password, read_vault_password(source));
        sources.vault_passwords.push_back(std::move(password));
    }
    return inventory::Inventory::load(std::move(sources));
}

}  // namespace mullion::cli
