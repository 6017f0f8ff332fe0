#include "service/config/security_edits.h"

#include <fmt/core.h>

#include <algorithm>

#include "http/message.h"
#include "rights/edit.h"
#include "state/security.h"
#include "wsman/fault.h"

namespace mullion::service {
namespace {

Error refused(std::uint32_t code, std::string what) {
    Error error{ErrorId::config_invalid, std::move(what)};
    error.wsman_code = code;
    return error;
}

bool says(const state::SecurityEntry& entry, const wsman::ResourceSecurity& asked) {
    return entry.sddl == asked.sddl && entry.exact == asked.exact;
}

const wsman::ResourceSecurity* find(const std::vector<wsman::ResourceSecurity>& in, std::string_view uri) {
    const auto found = std::find_if(in.begin(), in.end(), [&](const wsman::ResourceSecurity& one) {
        return http::same_without_case(one.uri, uri);
    });
    return found == in.end() ? nullptr : &*found;
}

// Into the layer, where it differs.
Result<void> put(state::ConfigLayer& layer, const state::ConfigTree& tree,
                 const wsman::ResourceSecurity& asked) {
    if (const auto* policy = state::find_security(tree.policy.security, asked.uri)) {
        if (says(*policy, asked)) return {};
        return wsman::policy_controlled("the Security of " + asked.uri);
    }
    const auto* now = state::find_security(layer.security, asked.uri);
    if (now != nullptr && says(*now, asked)) return {};
    MULLION_TRY(keeps_somebody("the Security of " + asked.uri, asked.sddl));
    // The spelling of who was first stays.
    state::SecurityEntry entry{now != nullptr ? now->uri : asked.uri, asked.sddl, asked.exact};
    auto done = state::put_security(layer.security, std::move(entry));
    if (!done.ok()) return refused(wsman::code::schema_validation, done.error().detail);
    return {};
}

}  // namespace

Result<void> keeps_somebody(std::string_view what, std::string_view sddl) {
    const auto descriptor = state::read_descriptor(sddl);
    if (!descriptor.ok() || rights::someone_has_full_access(*descriptor)) return {};
    return refused(
        wsman::code::schema_validation,
        fmt::format("{}: nobody who logs on over the network would have full access any more", what));
}

Result<state::ConfigLayer> put_security(const state::ConfigTree& tree, const wsman::ResourceSecurity& asked) {
    if (plugin_of(asked.uri) == nullptr)
        return refused(wsman::code::resource_not_found,
                       fmt::format("there is no resource {} here", asked.uri.substr(0, 256)));
    state::ConfigLayer layer = tree.file;
    MULLION_TRY(put(layer, tree, asked));
    return layer;
}

Result<state::ConfigLayer> put_plugin(const state::ConfigTree& tree, const BuiltIn& plugin,
                                      const std::vector<wsman::ResourceSecurity>& asked) {
    for (const auto& one : tree.policy.security)
        if (plugin_of(one.uri) == &plugin && find(asked, one.uri) == nullptr)
            return wsman::policy_controlled("the Security of " + one.uri);
    state::ConfigLayer layer = tree.file;
    std::erase_if(layer.security, [&](const state::SecurityEntry& one) {
        return plugin_of(one.uri) == &plugin && find(asked, one.uri) == nullptr;
    });
    for (const auto& one : asked) MULLION_TRY(put(layer, tree, one));
    return layer;
}

Result<state::ConfigLayer> restore_plugins(const state::ConfigTree& tree) {
    state::ConfigLayer layer = tree.file;
    layer.security.clear();
    return layer;
}

}  // namespace mullion::service
