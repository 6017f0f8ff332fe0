// What this service consists of, as winrm/config/plugin shows it. Whoever serves a further resource adds a
// row to the table, and has its descriptors on the wire.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rights/access.h"
#include "state/config_tree.h"
#include "wsman/config_plugin.h"

namespace mullion::service {

struct PluginPart {
    std::string_view uri;  // And what is below it, unless `exact`.
    bool options = false;
    bool exact = false;
    std::span<const std::string_view> capabilities;
};

struct BuiltIn {
    std::string_view name;
    std::span<const PluginPart> parts;
};

[[nodiscard]] std::span<const BuiltIn> plugins();
// By name, in either case; null: there is none.
[[nodiscard]] const BuiltIn* find_plugin(std::string_view name);
// That which serves the resource; null: nobody does.
[[nodiscard]] const BuiltIn* plugin_of(std::string_view uri);

[[nodiscard]] wsman::Plugin document_of(const state::ConfigTree& tree, const BuiltIn& plugin);
// The descriptor of that resource's own, or the one that counts for it: that of a resource above it, or
// RootSDDL. Nothing where nobody serves the resource, and no descriptor is its own.
[[nodiscard]] std::optional<wsman::ResourceSecurity> security_of(const state::ConfigTree& tree,
                                                                 std::string_view uri);
// Of the resources that are here those that he may do anything with.
[[nodiscard]] std::vector<std::string> usable_resources(const state::ConfigTree& tree,
                                                        const rights::Token& who);

}  // namespace mullion::service
