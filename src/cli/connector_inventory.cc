#include "cli/connector_inventory.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <set>
#include <utility>

#include "inventory/inventory.h"
#include "secrets/entities/references.h"
#include "target/host_name.h"

namespace mullion::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* credential_name = "mullion_credential";

// As Ansible names groups: what a name may not have becomes `_`. `all` and `ungrouped` are its own.
std::string group_name(std::string_view text) {
    std::string name;
    for (const char c : text) {
        const bool good =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        name += good ? c : '_';
    }
    const bool taken = name == "all" || name == "ungrouped";
    if (name.empty() || taken || (name.front() >= '0' && name.front() <= '9')) name.insert(name.begin(), '_');
    return name;
}

// Not of the group: another list's may have the same name, and then its hosts would be shown this credential.
Json host_variables(const secrets::PdcHost& host, const std::string& credential) {
    const auto place = target::parse_host_port(host.name);  // Validated when it was saved.
    Json variables = Json::object();
    variables["ansible_host"] = place ? place->host : host.name;
    if (place && place->port) variables["ansible_port"] = *place->port;
    if (!credential.empty()) variables[credential_name] = credential;
    if (!host.attributes.empty()) variables["attributes"] = host.attributes;
    return variables;
}

// Two ports of one host are two hosts of the inventory.
std::string host_name(const secrets::PdcHost& host, const std::set<std::string>& known) {
    const auto place = target::parse_host_port(host.name);
    if (!place) return host.name;
    if (!known.contains(place->host)) return place->host;
    return fmt::format("{}_{}", place->host, place->port.value_or(0));
}

// Behind the others, which are not looked through: they may be ten thousand. Two attributes of a host may
// give it the same group.
void append(Json& to, const std::string& name, Json value) {
    auto& members = to.get_ref<Json::object_t&>();
    if (members.empty() || members.back().first != name) members.emplace_back(name, std::move(value));
}

// A connector and what it refers to are in `from`, its organisation or the account.
std::string credential_of(const secrets::Identity& connector, const secrets::PdcConnector& list,
                          const secrets::Scope& from) {
    if (!list.credential) return {};
    const auto credential = secrets::resolve(*list.credential, connector.scope, secrets::Space::secret);
    return credential.ok() ? secrets::reference_from(from, *credential) : std::string();
}

struct Listed {
    Json hosts = Json::object();
    std::map<std::string, Json> groups;  // Their hosts.
};

Listed listed(const secrets::Identity& connector, const secrets::PdcConnector& list,
              const secrets::Scope& from) {
    Listed all;
    const auto credential = credential_of(connector, list, from);
    std::set<std::string> known;
    for (const auto& host : list.hosts) {
        const auto name = host_name(host, known);
        known.insert(name);
        append(all.hosts, name, host_variables(host, credential));
        for (const auto& [key, value] : host.attributes)
            append(all.groups.try_emplace(group_name(fmt::format("{}_{}", key, value)), Json::object())
                       .first->second,
                   name, nullptr);
    }
    return all;
}

std::string text_of(const secrets::Identity& connector, Listed listed) {
    // In the place of an attribute's of the same name, whose hosts are among these.
    listed.groups[group_name(connector.id)] = std::move(listed.hosts);
    Json children = Json::object();
    for (auto& [name, hosts] : listed.groups) {
        Json group = Json::object();
        append(group, "hosts", std::move(hosts));
        append(children, name, std::move(group));
    }
    Json all = Json::object();
    all["all"]["children"] = std::move(children);
    return all.dump(1, ' ', false, Json::error_handler_t::replace);
}

// Hosts of all connectors, by name: how each is reached, and which connector says so.
class Known {
public:
    Result<void> add(const std::string& path, const Json& hosts) {
        for (const auto& [name, variables] : hosts.items()) {
            auto way = variables;
            way.erase("attributes");
            const auto place = known_.try_emplace(name, way, path).first;
            if (place->second.first != way) return differs(name, place->second.second, path);
        }
        return {};
    }

private:
    static Error differs(const std::string& host, const std::string& one, const std::string& other) {
        Error error(
            ErrorId::usage_invalid,
            fmt::format("{} is in {} and in {}, with another port or credential: one of them would be "
                        "used for both",
                        host, one, other));
        error.advice.emplace_back("Name one of the two, or keep the host in one list alone.");
        return error;
    }
    std::map<std::string, std::pair<Json, std::string>> known_;
};

Error named(const std::string& path, Error error) {
    error.detail = fmt::format("{}: {}", path, error.detail);
    return error;
}

}  // namespace

std::string inventory_of(const secrets::Identity& connector, const secrets::PdcConnector& list,
                         const secrets::Scope& from) {
    return text_of(connector, listed(connector, list, from));
}

HostsOfConnector hosts_in_store(const SecretWords& words) {
    return [words](const secrets::Identity& connector) -> Result<secrets::PdcConnector> {
        MULLION_ASSIGN(const auto use, open_store(words));
        return use->hosts_of(connector);
    };
}

Result<secrets::Identity> connector_of(std::string_view path, const secrets::Scope& from) {
    const auto text = path.substr(inventory::connector_prefix.size());
    if (text.find(',') != std::string_view::npos)
        return Error(ErrorId::usage_invalid,
                     "a connector is named by itself: write -i once for each, and once for a list of hosts");
    MULLION_ASSIGN(const auto reference, secrets::parse_reference(text));
    return secrets::resolve(reference, from, secrets::Space::connector);
}

Result<std::map<std::string, std::string>> connector_inventories(const std::vector<std::string>& paths,
                                                                 const secrets::Scope& from,
                                                                 const HostsOfConnector& hosts) {
    std::map<std::string, std::string> texts;
    Known known;
    for (const auto& path : paths) {
        if (!inventory::names_connector(path) || texts.contains(path)) continue;
        const auto which = connector_of(path, from);
        if (!which.ok()) return named(path, which.error());
        const auto list = hosts(*which);
        if (!list.ok()) return named(path, list.error());
        auto all = listed(*which, *list, from);
        MULLION_TRY(known.add(path, all.hosts));
        texts.emplace(path, text_of(*which, std::move(all)));
    }
    return texts;
}

}  // namespace mullion::cli
