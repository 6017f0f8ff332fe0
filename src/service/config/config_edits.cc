#include "service/config/config_edits.h"

#include <algorithm>

#include <fmt/core.h>

#include "service/config/security_edits.h"
#include "state/account_rules.h"
#include "state/certificate_stores.h"
#include "state/listen_url.h"
#include "state/present_certificates.h"
#include "state/settings_table.h"
#include "state/trusted_clients.h"
#include "state/warnings.h"

namespace mullion::service {
namespace {

using state::ConfigLayer;
using state::ConfigTree;
using state::ListenerSettings;
using state::Origin;
using wsman::ConfigDocument;
using wsman::ConfigTarget;

Error refused(std::uint32_t code, std::string what) {
    Error error{ErrorId::config_invalid, std::move(what)};
    error.wsman_code = code;
    return error;
}

// The service would say one thing, and do another after its next start.
Error of_the_command_line(std::string_view what) {
    return refused(wsman::code::policy_controlled,
                   fmt::format("{} is given on the command line that the service was started with: change "
                               "it there",
                               what));
}

Error exists_already(const ConfigTarget& target) {
    std::string what(target.resource->root);
    for (const auto& key : target.keys) what += fmt::format(" {}={}", key.name, key.value);
    return refused(wsman::code::already_exists, "there is already a " + what);
}

// A listener that nobody may touch, by where it comes from.
Result<void> may_touch(Origin origin) {
    if (origin == Origin::policy) return wsman::policy_controlled("the listener");
    if (origin == Origin::command_line) return of_the_command_line("the listener");
    if (origin == Origin::compatibility)
        return refused(wsman::code::policy_controlled,
                       "the listener is there by Service/EnableCompatibilityHttpListener or "
                       "EnableCompatibilityHttpsListener: change that");
    return {};
}

// What would be written, and not be in force.
Result<void> is_in_force(const ConfigTree& tree, const ConfigLayer& layer, const ListenerSettings& listener) {
    ConfigTree next = tree;
    next.file = layer;
    const auto config = next.config();
    for (const auto& one : config.displaced)
        if (state::same_key(one, listener))
            return refused(
                wsman::code::policy_controlled,
                fmt::format("another listener, of policy or of the command line, has port {} of that "
                            "address: choose another Port",
                            state::effective_port(one, config.settings)));
    return {};
}

// Those of the file, and the one that is there without a word.
std::vector<ListenerSettings> own_listeners(const ConfigTree& tree) {
    if (tree.file.listeners) return *tree.file.listeners;
    if (tree.command_line.listeners) return {};
    return {ListenerSettings{}};
}

void set(ListenerSettings& listener, std::string_view name, const std::string& value) {
    if (name == "Port") listener.port = state::parse_port(value);
    if (name == "Hostname") listener.hostname = value;
    if (name == "Enabled") listener.enabled = value == "true";
    if (name == "URLPrefix") listener.url_prefix = value;
    if (name == "CertificateThumbprint") listener.thumbprint = value;
}

void set(state::CertificateMapping& mapping, std::string_view name, const std::string& value) {
    if (name == "UserName") mapping.user = value;
    if (name == "Enabled") mapping.enabled = value == "true";
}

// The certificate that is named, or that of the host name; and the host name that goes with it.
Result<void> choose_certificate(ListenerSettings& listener, const CertificatePlaces& places) {
    if (!listener.https) return {};
    const auto present = state::present_certificates(places.own);
    if (listener.thumbprint.empty()) {
        const auto& host = listener.hostname.empty() ? places.machine : listener.hostname;
        const auto* found = state::certificate_of(present, host, places.clock->wall());
        if (found == nullptr)
            return refused(wsman::code::certificate_name,
                           fmt::format("no certificate names the host {}, and is valid now: {}; mullion cert "
                                       "create --server makes one",
                                       host, state::who_is_present(present)));
        listener.thumbprint = found->thumbprint;
        listener.hostname = host;
        return {};
    }
    const auto named = std::find_if(present.begin(), present.end(),
                                    [&](const auto& one) { return one.thumbprint == listener.thumbprint; });
    if (named == present.end())
        return refused(wsman::code::internal_error,
                       fmt::format("there is no certificate {} with a key: {}", listener.thumbprint,
                                   state::who_is_present(present)));
    if (!listener.hostname.empty() && !state::names_host(*named, listener.hostname))
        return refused(wsman::code::certificate_name,
                       fmt::format("the certificate {} is of {}, and does not name the host {}",
                                   named->thumbprint, named->subject, listener.hostname));
    if (listener.hostname.empty())
        listener.hostname = state::names_host(*named, places.machine) ? places.machine : named->common_name;
    return {};
}

std::string to_text(const ConfigDocument& document, std::string_view name) {
    const auto* value = document.find(name);
    return value == nullptr ? std::string() : value->text;
}

Result<void> check_user(const std::string& user) {
    auto fine = state::check_account_name(user);
    if (fine.ok()) return {};
    return refused(wsman::code::mapping_credentials, "UserName: a local account: " + fine.error().detail);
}

}  // namespace

Error instance_missing(const ConfigTarget& target) {
    std::string what(target.resource->root);
    for (const auto& key : target.keys) what += fmt::format(" {}={}", key.name, key.value);
    return refused(wsman::code::resource_not_found, "there is no " + what);
}

Result<ConfigLayer> put_values(const ConfigTree& tree, const ConfigDocument& asked) {
    const auto current = document_of(tree, *asked.resource);
    MULLION_ASSIGN(const auto changes, wsman::config_changes(current, asked));
    ConfigLayer layer = tree.file;
    for (const auto& change : changes) {
        const auto* row = wsman::find_config_row(*asked.resource, change.path);
        if (tree.value(*row).origin == Origin::command_line) return of_the_command_line(change.path);
        if (change.path == "Service/RootSDDL") MULLION_TRY(keeps_somebody("RootSDDL", change.text));
        layer.values.insert_or_assign(change.path, change.text);
    }
    return layer;
}

Result<ConfigLayer> restore_values(const ConfigTree& tree) {
    ConfigLayer layer = tree.file;
    layer.values.clear();
    return layer;
}

Result<ConfigLayer> create_listener(const ConfigTree& tree, const ConfigTarget& target,
                                    const ConfigDocument& asked, const CertificatePlaces& places) {
    const auto all = tree.listeners();
    if (const auto* there = find(all, target)) {
        if (there->origin == Origin::policy) return wsman::policy_controlled("the listener");
        return exists_already(target);
    }
    ListenerSettings listener;
    const auto address = state::parse_listener_address(target.keys[0].value);
    if (!address)
        return refused(wsman::code::listener_address,
                       fmt::format("Address: \"{}\" is none", target.keys[0].value));
    listener.address = *address;
    listener.https = target.keys[1].value == "HTTPS";
    for (const auto& value : asked.values) set(listener, value.path, value.text);
    MULLION_TRY(choose_certificate(listener, places));
    ConfigLayer layer = tree.file;
    layer.listeners = own_listeners(tree);
    layer.listeners->push_back(std::move(listener));
    MULLION_TRY(is_in_force(tree, layer, layer.listeners->back()));
    return layer;
}

Result<ConfigLayer> put_listener(const ConfigTree& tree, const ConfigTarget& target,
                                 const ConfigDocument& asked, const ListenerFacts& facts,
                                 const CertificatePlaces& places) {
    const auto all = tree.listeners();
    const auto* there = find(all, target);
    if (there == nullptr) return instance_missing(target);
    MULLION_ASSIGN(const auto changes, wsman::config_changes(document_of(*there, facts), asked));
    if (changes.empty()) return tree.file;
    MULLION_TRY(may_touch(there->origin));
    ConfigLayer layer = tree.file;
    layer.listeners = own_listeners(tree);
    const auto found = std::find_if(layer.listeners->begin(), layer.listeners->end(),
                                    [&](const auto& one) { return state::same_key(one, there->settings); });
    const auto before = *found;
    for (const auto& change : changes) set(*found, change.path, change.text);
    if (found->hostname != before.hostname || found->thumbprint != before.thumbprint) {
        if (found->thumbprint.empty()) found->thumbprint = to_text(asked, "CertificateThumbprint");
        MULLION_TRY(choose_certificate(*found, places));
    }
    MULLION_TRY(is_in_force(tree, layer, *found));
    return layer;
}

Result<ConfigLayer> delete_listener(const ConfigTree& tree, const ConfigTarget& target) {
    const auto all = tree.listeners();
    const auto* there = find(all, target);
    if (there == nullptr) return instance_missing(target);
    MULLION_TRY(may_touch(there->origin));
    ConfigLayer layer = tree.file;
    layer.listeners = own_listeners(tree);
    std::erase_if(*layer.listeners, [&](const auto& one) { return state::same_key(one, there->settings); });
    return layer;
}

Result<ConfigLayer> create_mapping(const ConfigTree& tree, const ConfigTarget& target,
                                   const ConfigDocument& asked, const CertificatePlaces& places) {
    if (find(tree.file.mappings, target) != nullptr) return exists_already(target);
    state::CertificateMapping mapping;
    mapping.uri = target.keys[0].value;
    mapping.subject = target.keys[1].value;
    mapping.issuer = target.keys[2].value;
    for (const auto& value : asked.values) set(mapping, value.path, value.text);
    MULLION_TRY(check_user(mapping.user));
    MULLION_ASSIGN(const auto trust, state::trust_in(places.trusted));
    const auto trusted = trust.trusted();
    if (std::find(trusted.begin(), trusted.end(), mapping.issuer) == trusted.end())
        return refused(
            wsman::code::mapping_issuer,
            fmt::format("issuer {} is not trusted; {}", mapping.issuer, state::who_is_trusted(trusted)));
    ConfigLayer layer = tree.file;
    layer.mappings.push_back(std::move(mapping));
    return layer;
}

Result<ConfigLayer> put_mapping(const ConfigTree& tree, const ConfigTarget& target,
                                const ConfigDocument& asked) {
    const auto* there = find(tree.file.mappings, target);
    if (there == nullptr) return instance_missing(target);
    MULLION_ASSIGN(const auto changes, wsman::config_changes(document_of(*there), asked));
    ConfigLayer layer = tree.file;
    const auto found = std::find(layer.mappings.begin(), layer.mappings.end(), *there);
    for (const auto& change : changes) set(*found, change.path, change.text);
    MULLION_TRY(check_user(found->user));
    return layer;
}

Result<ConfigLayer> delete_mapping(const ConfigTree& tree, const ConfigTarget& target) {
    const auto* there = find(tree.file.mappings, target);
    if (there == nullptr) return instance_missing(target);
    ConfigLayer layer = tree.file;
    std::erase(layer.mappings, *there);
    return layer;
}

}  // namespace mullion::service
