// What a service consists of, and who may use each part: winrm/config/plugin, .../service/security and
// .../resource. Their representations are no settings: a plugin is attributes, resources, and below each of
// them the descriptors that it does not share with RootSDDL. [MS-WSMV] 3.1.4.2 - 3.1.4.8; the schema of
// PlugInConfiguration is that of Windows' "WinRM Service Plug-in Configuration". Readers and writers as in
// config.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "wsman/config.h"

namespace mullion::wsman {

inline constexpr std::string_view plugin_space =
    "http://schemas.microsoft.com/wbem/wsman/1/config/PluginConfiguration";

// Who may use what begins with that URI, or with `exact` that URI alone.
struct ResourceSecurity {
    std::string uri;
    std::string sddl;
    bool exact = false;
    std::string source = {};  // "GPO" where policy sets it.
    bool operator==(const ResourceSecurity&) const = default;
};

struct PluginResource {
    std::string uri;
    bool options = false;  // SupportsOptions
    bool exact = false;
    std::vector<ResourceSecurity> security = {};
    std::vector<std::string> capabilities = {};  // "Get", "Shell" …
    bool operator==(const PluginResource&) const = default;
};

struct Plugin {
    struct Attribute {
        std::string name, value;
        bool operator==(const Attribute&) const = default;
    };
    std::vector<Attribute> attributes;  // Name, which is the key, first.
    std::vector<PluginResource> resources;
    bool operator==(const Plugin&) const = default;
};

// ---- Requests, as a service reads them ----
// The body of a Put of winrm/config/service/security, about the resource that the selector names. Errors:
// schema_validation (no Sddl, an ExactMatch that is none), invalid_selector_value (another Uri), and those of
// config.h
[[nodiscard]] Result<ResourceSecurity> read_security_put(const Message&, const ConfigTarget&);
// The descriptors that a Put of a plugin asks for. Whatever else it says must be as it is in `current`: what
// a service consists of is built into it. Errors: read_only_setting, policy_controlled, schema_validation,
// ...
[[nodiscard]] Result<std::vector<ResourceSecurity>> read_plugin_put(const Message&, const Plugin& current);

// Whether the resource is `base`, or stands below it: "…/shell/cmd" below "…/shell". In either case.
[[nodiscard]] bool is_below(std::string_view uri, std::string_view base);

// ---- Answers, as a service writes them ----
[[nodiscard]] std::string write_plugin_answer(std::string_view request_action, std::string_view message_id,
                                              std::string_view relates_to, const Plugin&);
[[nodiscard]] std::string write_security_answer(std::string_view request_action, std::string_view message_id,
                                                std::string_view relates_to, const ResourceSecurity&);
// Items of an Enumerate, as those of config.h.
[[nodiscard]] std::string plugin_item(const Plugin&);
[[nodiscard]] std::string plugin_item_with_reference(const Plugin&, std::string_view to);
[[nodiscard]] ConfigTarget plugin_target(const Plugin&);
// One resource that the caller may use. How Windows writes it is not on record: the form is ours.
[[nodiscard]] std::string usable_resource_item(std::string_view uri);

}  // namespace mullion::wsman
