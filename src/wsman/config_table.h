// The resources of winrm/config and their settings, each once, in the order of the wire: what a service
// checks against, and what a client knows of names and types. [MS-WSMV] 2.2.4.5 - 2.2.4.39, 2.2.5.1
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "wsman/fault.h"

namespace mullion::wsman {

namespace code {  // wsmerror.h; those that only configuration answers with.
inline constexpr std::uint32_t config_corrupted = 0x80338005;
inline constexpr std::uint32_t already_exists = 0x80338033;
inline constexpr std::uint32_t invalid_namespace = 0x80338058;
inline constexpr std::uint32_t invalid_selector_value = 0x8033805D;
inline constexpr std::uint32_t listener_address = 0x80338089;
inline constexpr std::uint32_t policy_controlled = 0x8033808A;
inline constexpr std::uint32_t host_pattern = 0x8033809F;
inline constexpr std::uint32_t port_invalid = 0x803380DC;
inline constexpr std::uint32_t certificate_name = 0x803380E9;
inline constexpr std::uint32_t thumbprint_not_empty = 0x803380EB;
inline constexpr std::uint32_t ip_filter = 0x803380EC;
inline constexpr std::uint32_t listener_keys = 0x803380ED;
inline constexpr std::uint32_t read_only_setting = 0x8033813F;
inline constexpr std::uint32_t mapping_local_session = 0x80338152;
inline constexpr std::uint32_t mapping_credentials = 0x80338154;
inline constexpr std::uint32_t mapping_subject = 0x80338161;
inline constexpr std::uint32_t mapping_issuer = 0x80338162;
inline constexpr std::uint32_t mapping_password_long = 0x8033816A;
inline constexpr std::uint32_t mapping_password_blank = 0x8033816B;
inline constexpr std::uint32_t mapping_keys = 0x80338172;
inline constexpr std::uint32_t deprecated_setting = 0x803381AE;
inline constexpr std::uint32_t hardening_level = 0x803381B8;
inline constexpr std::uint32_t custom_shell_deprecated = 0x803381BC;
}  // namespace code

enum class ConfigType {
    boolean,
    number,
    port,
    text,
    url_prefix,
    trusted_hosts,
    hardening,
    ip_filter,
    thumbprint,
    mapping_uri,
    mapping_subject,
    mapping_issuer,
    listener_address,
    listener_transport,
};

enum class ConfigAccess {
    writable,
    read_only,
    deprecated,  // Read-only, with a fault of its own.
    key,         // Chosen at Create.
    secret,      // Written, and empty in every answer.
    computed,    // A list that the service finds out.
};

struct ConfigRow {
    std::string_view path;  // Sections and name: "Service/Auth/Basic".
    ConfigType type = ConfigType::text;
    std::string_view preset;  // What a new installation of Windows answers.
    std::uint32_t minimum = 0;
    std::uint32_t maximum = 4'294'967'295;
    ConfigAccess access = ConfigAccess::writable;
};

enum class ConfigVerb : unsigned { get = 1, put = 2, create = 4, remove = 8, enumerate = 16 };

struct ConfigResource {
    std::string_view path;    // Below winrm/config: "service/auth"; empty for the root.
    std::string_view root;    // Local name of the representation: "Auth".
    std::string_view prefix;  // What the paths of its rows begin with: "Service/Auth/".
    unsigned verbs = 0;
    std::span<const std::string_view> keys = {};  // Selectors, all of them needed.
    std::span<const ConfigRow> rows = {};         // In the order of the wire.

    [[nodiscard]] bool allows(ConfigVerb verb) const { return (verbs & static_cast<unsigned>(verb)) != 0; }
};

[[nodiscard]] std::span<const ConfigResource> config_resources();
// By resource URI, without regard to case; null for none of ours.
[[nodiscard]] const ConfigResource* find_config_resource(std::string_view uri);
// The URI, which is the namespace of its representation as well.
[[nodiscard]] std::string config_uri(const ConfigResource& resource);
// Resources of the configuration that are no settings, and in none of the above: config_plugin.h.
[[nodiscard]] const ConfigResource& security_config_resource();  // service/security: Uri
[[nodiscard]] const ConfigResource& plugin_config_resource();    // plugin: Name
[[nodiscard]] const ConfigResource& usable_config_resource();    // resource: what the caller may use
[[nodiscard]] const ConfigResource* find_plugin_config_resource(std::string_view uri);
// By full path, to the letter: XML is.
[[nodiscard]] const ConfigRow* find_config_row(const ConfigResource& resource, std::string_view path);
// Whether the path is a section of the resource: "Service/Auth".
[[nodiscard]] bool is_config_section(const ConfigResource& resource, std::string_view path);

}  // namespace mullion::wsman
