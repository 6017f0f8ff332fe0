// Lists of hosts of the secret store as inventories: `mullion connector inventory`, and -i connector:REF.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/store_in_use.h"
#include "core/result.h"
#include "secrets/entities/entity.h"

namespace mullion::cli {

// Ansible's inventory in JSON: the hosts are in a group of the connector's identifier and in one of each
// attribute, KEY_VALUE; each has the connector's credential as mullion_credential. `from` is where references
// that name no level will be read.
[[nodiscard]] std::string inventory_of(const secrets::Identity& connector, const secrets::PdcConnector& list,
                                       const secrets::Scope& from);

// Errors: those of SecretUse::hosts_of
using HostsOfConnector = std::function<Result<secrets::PdcConnector>(const secrets::Identity&)>;
// In the store of these words, which is opened for it.
[[nodiscard]] HostsOfConnector hosts_in_store(const SecretWords& words);

// Of an inventory that names one (inventory::names_connector). Errors: usage.invalid, secrets.invalid
[[nodiscard]] Result<secrets::Identity> connector_of(std::string_view path, const secrets::Scope& from);

// The inventories of those of `paths` that name connectors, by the path; without one nobody is asked. Errors:
// those of connector_of and `hosts`; usage.invalid (two lists have a host of one name, and not the same port
// and credential: by Ansible's rules what the later one says would be said of both)
[[nodiscard]] Result<std::map<std::string, std::string>> connector_inventories(
    const std::vector<std::string>& paths, const secrets::Scope& from, const HostsOfConnector& hosts);

}  // namespace mullion::cli
