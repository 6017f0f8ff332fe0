#include "service/config/plugins.h"

#include <algorithm>
#include <array>

#include "http/message.h"
#include "service/access/access_rules.h"
#include "service/cim/cim_uris.h"
#include "wsman/config_table.h"
#include "wsman/uris.h"

namespace mullion::service {
namespace {

using namespace std::string_view_literals;

constexpr std::array shell_capabilities{"Shell"sv};
constexpr std::array config_capabilities{"Get"sv, "Put"sv, "Create"sv, "Delete"sv, "Invoke"sv, "Enumerate"sv};
// Those of Windows' plugin of that name, less Subscribe, and the schema of OMI's clients.
constexpr std::array object_capabilities{"Get"sv, "Put"sv, "Create"sv, "Delete"sv, "Invoke"sv, "Enumerate"sv};
constexpr std::array query_capabilities{"Enumerate"sv};
constexpr std::array metadata_capabilities{"Get"sv, "Enumerate"sv};
constexpr std::array shell_parts{PluginPart{wsman::resource::shells, true, false, shell_capabilities}};
constexpr std::array config_parts{PluginPart{wsman::resource::config, false, false, config_capabilities}};
constexpr std::array cim_parts{PluginPart{cim_resource::wmi, true, false, object_capabilities},
                               PluginPart{cim_resource::schema, true, false, object_capabilities},
                               PluginPart{cim_resource::vendor_schema, true, false, object_capabilities},
                               PluginPart{cim_resource::all_classes, true, true, query_capabilities},
                               PluginPart{cim_resource::metadata, true, true, metadata_capabilities}};

// The names are those that Windows' faults give to who answers: f:ProviderFault/@provider.
constexpr std::array all{BuiltIn{"Shell cmd plugin", shell_parts}, BuiltIn{"Config provider", config_parts},
                         BuiltIn{cim_resource::plugin, cim_parts}};

struct Found {
    const BuiltIn* plugin = nullptr;
    const PluginPart* part = nullptr;
};

// An exact one goes before a beginning, and the longer beginning before the shorter. [MS-WSMV] 3.1.4.1
Found find(std::string_view uri) {
    Found best;
    for (const auto& plugin : all)
        for (const auto& part : plugin.parts) {
            const bool whole = part.uri.size() == uri.size();
            if (!wsman::is_below(uri, part.uri) || (part.exact && !whole)) continue;
            if (best.part == nullptr || best.part->uri.size() < part.uri.size()) best = {&plugin, &part};
        }
    return best;
}

// Shells want Execute, whatever is asked of them.
rights::AccessMask useful_of(const PluginPart& part) {
    return part.capabilities.front() == "Shell" ? rights::generic_execute : rights::winrm_all;
}

wsman::ResourceSecurity as_shown(const state::ConfigTree::Security& one) {
    return {one.entry.uri, one.entry.sddl, one.entry.exact,
            std::string(one.origin == state::Origin::policy ? wsman::policy_source : std::string_view())};
}

}  // namespace

std::span<const BuiltIn> plugins() {
    return all;
}

const BuiltIn* find_plugin(std::string_view name) {
    const auto found = std::find_if(
        all.begin(), all.end(), [&](const BuiltIn& one) { return http::same_without_case(one.name, name); });
    return found == all.end() ? nullptr : &*found;
}

const BuiltIn* plugin_of(std::string_view uri) {
    return find(uri).plugin;
}

wsman::Plugin document_of(const state::ConfigTree& tree, const BuiltIn& plugin) {
    // There is no library to load: what answers is this program.
    wsman::Plugin out{{{"Name", std::string(plugin.name)},
                       {"Filename", "mullion-service"},
                       {"SDKVersion", "2"},
                       {"XmlRenderingType", "text"},
                       {"Enabled", "true"}},
                      {}};
    const auto security = tree.security();
    for (const auto& part : plugin.parts) {
        wsman::PluginResource resource{std::string(part.uri), part.options, part.exact, {}, {}};
        for (const auto& one : security)
            if (find(one.entry.uri).part == &part) resource.security.push_back(as_shown(one));
        resource.capabilities.assign(part.capabilities.begin(), part.capabilities.end());
        out.resources.push_back(std::move(resource));
    }
    return out;
}

std::optional<wsman::ResourceSecurity> security_of(const state::ConfigTree& tree, std::string_view uri) {
    const auto security = tree.security();
    for (const auto& one : security)
        if (http::same_without_case(one.entry.uri, uri)) return as_shown(one);
    if (plugin_of(uri) == nullptr) return std::nullopt;
    const auto config = tree.config();
    const auto rules = AccessRules::make(config.settings.root_sddl, config.security);
    if (!rules.ok()) return std::nullopt;  // Was looked at before it was in force.
    const auto chosen = rules->of(uri);
    const auto by = std::find_if(security.begin(), security.end(),
                                 [&](const auto& one) { return one.entry.uri == chosen.name; });
    return wsman::ResourceSecurity{std::string(uri),
                                   by == security.end() ? config.settings.root_sddl : by->entry.sddl};
}

std::vector<std::string> usable_resources(const state::ConfigTree& tree, const rights::Token& who) {
    const auto config = tree.config();
    const auto rules = AccessRules::make(config.settings.root_sddl, config.security);
    std::vector<std::string> out;
    if (!rules.ok()) return out;
    const auto add = [&](std::string uri, rights::AccessMask useful) {
        const auto may = rights::effective_rights(rules->of(uri).descriptor, who);
        if ((may & useful) != 0) out.push_back(std::move(uri));
    };
    for (const auto& plugin : all)
        for (const auto& part : plugin.parts)
            if (part.uri != wsman::resource::config)  // Its own are below.
                add(std::string(part.uri), useful_of(part));
    for (const auto& resource : wsman::config_resources())
        add(wsman::config_uri(resource), rights::generic_read | rights::generic_write);
    for (const auto* resource : {&wsman::security_config_resource(), &wsman::plugin_config_resource()})
        add(wsman::config_uri(*resource), rights::generic_read | rights::generic_write);
    return out;
}

}  // namespace mullion::service
