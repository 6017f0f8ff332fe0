// An inventory: all of its files, with Ansible's precedence on top.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "inventory/model.h"
#include "inventory/vault.h"

namespace mullion::inventory {

// "connector:rack": hosts that are kept elsewhere than in a file. "connector:5985,web01" are two hosts, as a
// list with commas between has them.
inline constexpr std::string_view connector_prefix = "connector:";
[[nodiscard]] bool names_connector(std::string_view path);

struct Sources {
    std::vector<std::string> paths;  // Of -i, in order: files, directories.
    // Of those of `paths` that name connectors: what stands there, in Ansible's YAML or in JSON. No
    // group_vars/ and host_vars/ are beside it.
    std::map<std::string, std::string> texts = {};
    std::vector<VaultPassword> vault_passwords;
    std::vector<std::string> extra_variables;  // Of -e, in order: "KEY=VALUE …", "@FILE", "{JSON or YAML}".
};

// Immutable once loaded: may be read from several threads.
class Inventory {
public:
    // Reads every file, group_vars/ and host_vars/ beside them included. Errors, with file and line:
    // inventory.invalid, inventory.vault, usage.file
    [[nodiscard]] static Result<std::unique_ptr<Inventory>> load(Sources sources);
    virtual ~Inventory() = default;

    [[nodiscard]] virtual const Model& model() const = 0;
    [[nodiscard]] virtual const Vault& vault() const = 0;

    // What holds for the host, by name, merged in Ansible's order: groups by depth, priority and name, then
    // the host's own; group_vars/ and host_vars/ where Ansible has them; -e last. Not evaluated, and without
    // the magic ones.
    [[nodiscard]] virtual Variables variables(HostIndex host) const = 0;
    // One of them; null where there is none. What does not need the whole asks for the part.
    [[nodiscard]] virtual const Value* find(HostIndex host, std::string_view name) const = 0;
    // What Ansible adds by itself and templates may name; they win over all others. inventory_hostname,
    // inventory_hostname_short, group_names, groups, inventory_file, inventory_dir; null for other names.
    // Made when asked for.
    [[nodiscard]] virtual std::shared_ptr<const Value> magic(HostIndex host, std::string_view name) const = 0;
    // Every group that the host is in, all included, in the order in which their variables are laid over
    // each other.
    [[nodiscard]] virtual const std::vector<GroupIndex>& groups_of(HostIndex host) const = 0;
};

}  // namespace mullion::inventory
