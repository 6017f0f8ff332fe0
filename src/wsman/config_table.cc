#include "wsman/config_table.h"

#include <algorithm>
#include <array>
#include <optional>

#include "wsman/values.h"

namespace mullion::wsman {

namespace {

using Type = ConfigType;
using Access = ConfigAccess;

constexpr std::uint32_t most = 4'294'967'295;
constexpr std::uint32_t most_of_shells = 2'147'483'647;
constexpr std::string_view root_sddl =
    "O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;IU)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)";

// Three limits are ours, not Windows': MaxEnvelopeSizekb ends where Windows stops supporting it,
// MaxConnections goes beyond 512, and MaxShellRunTime can be written.
constexpr std::array tree{
    ConfigRow{"MaxEnvelopeSizekb", Type::number, "500", 32, 1'039'440},
    ConfigRow{"MaxTimeoutms", Type::number, "60000", 500, most},
    ConfigRow{"MaxBatchItems", Type::number, "32000", 1, most},
    ConfigRow{"MaxProviderRequests", Type::number, "4294967295", 0, most, Access::deprecated},
    ConfigRow{"Client/NetworkDelayms", Type::number, "5000", 500, most},
    ConfigRow{"Client/URLPrefix", Type::url_prefix, "wsman"},
    ConfigRow{"Client/AllowUnencrypted", Type::boolean, "false"},
    ConfigRow{"Client/Auth/Basic", Type::boolean, "true"},
    ConfigRow{"Client/Auth/Digest", Type::boolean, "true"},
    ConfigRow{"Client/Auth/Kerberos", Type::boolean, "true"},
    ConfigRow{"Client/Auth/Negotiate", Type::boolean, "true"},
    ConfigRow{"Client/Auth/Certificate", Type::boolean, "true"},
    ConfigRow{"Client/Auth/CredSSP", Type::boolean, "false"},
    ConfigRow{"Client/DefaultPorts/HTTP", Type::port, "5985", 1, 65'535},
    ConfigRow{"Client/DefaultPorts/HTTPS", Type::port, "5986", 1, 65'535},
    ConfigRow{"Client/TrustedHosts", Type::trusted_hosts, ""},
    ConfigRow{"Service/RootSDDL", Type::text, root_sddl},
    ConfigRow{"Service/MaxConcurrentOperations", Type::number, "4294967295", 0, most, Access::deprecated},
    ConfigRow{"Service/MaxConcurrentOperationsPerUser", Type::number, "1500", 1, most},
    ConfigRow{"Service/EnumerationTimeoutms", Type::number, "240000", 500, most},
    ConfigRow{"Service/MaxConnections", Type::number, "300", 1, 100'000},
    ConfigRow{"Service/MaxPacketRetrievalTimeSeconds", Type::number, "120", 1, most},
    ConfigRow{"Service/AllowUnencrypted", Type::boolean, "false"},
    ConfigRow{"Service/Auth/Basic", Type::boolean, "false"},
    ConfigRow{"Service/Auth/Kerberos", Type::boolean, "true"},
    ConfigRow{"Service/Auth/Negotiate", Type::boolean, "true"},
    ConfigRow{"Service/Auth/Certificate", Type::boolean, "false"},
    ConfigRow{"Service/Auth/CredSSP", Type::boolean, "false"},
    ConfigRow{"Service/Auth/CbtHardeningLevel", Type::hardening, "Relaxed"},
    ConfigRow{"Service/DefaultPorts/HTTP", Type::port, "5985", 1, 65'535},
    ConfigRow{"Service/DefaultPorts/HTTPS", Type::port, "5986", 1, 65'535},
    ConfigRow{"Service/IPv4Filter", Type::ip_filter, "*"},
    ConfigRow{"Service/IPv6Filter", Type::ip_filter, "*"},
    ConfigRow{"Service/EnableCompatibilityHttpListener", Type::boolean, "false"},
    ConfigRow{"Service/EnableCompatibilityHttpsListener", Type::boolean, "false"},
    ConfigRow{"Service/CertificateThumbprint", Type::thumbprint, ""},
    ConfigRow{"Service/AllowRemoteAccess", Type::boolean, "true"},
    ConfigRow{"Winrs/AllowRemoteShellAccess", Type::boolean, "true"},
    ConfigRow{"Winrs/IdleTimeout", Type::number, "7200000", 0, most_of_shells},
    ConfigRow{"Winrs/MaxConcurrentUsers", Type::number, "2147483647", 1, most_of_shells},
    ConfigRow{"Winrs/MaxShellRunTime", Type::number, "2147483647", 0, most_of_shells},
    ConfigRow{"Winrs/MaxProcessesPerShell", Type::number, "2147483647", 0, most_of_shells},
    ConfigRow{"Winrs/MaxMemoryPerShellMB", Type::number, "2147483647", 0, most_of_shells},
    ConfigRow{"Winrs/MaxShellsPerUser", Type::number, "2147483647", 0, most_of_shells},
};

constexpr std::array listener{
    ConfigRow{"Address", Type::listener_address, "", 0, most, Access::key},
    ConfigRow{"Transport", Type::listener_transport, "", 0, most, Access::key},
    ConfigRow{"Port", Type::port, "", 1, 65'535},
    ConfigRow{"Hostname", Type::text, ""},
    ConfigRow{"Enabled", Type::boolean, "true"},
    ConfigRow{"URLPrefix", Type::url_prefix, "wsman"},
    ConfigRow{"CertificateThumbprint", Type::thumbprint, ""},
    ConfigRow{"ListeningOn", Type::text, "", 0, most, Access::computed},
};

constexpr std::array certificate_mapping{
    ConfigRow{"URI", Type::mapping_uri, "", 0, most, Access::key},
    ConfigRow{"Subject", Type::mapping_subject, "", 0, most, Access::key},
    ConfigRow{"Issuer", Type::mapping_issuer, "", 0, most, Access::key},
    ConfigRow{"UserName", Type::text, ""},
    ConfigRow{"Enabled", Type::boolean, "true"},
    ConfigRow{"Password", Type::text, "", 0, most, Access::secret},
    ConfigRow{"PassCertToPlugin", Type::boolean, "false", 0, most, Access::read_only},
};

constexpr std::array<std::string_view, 2> listener_keys{"Address", "Transport"};
constexpr std::array<std::string_view, 3> mapping_keys{"URI", "Subject", "Issuer"};

// The rows of a section stand together.
constexpr std::span<const ConfigRow> section(std::string_view prefix) {
    std::size_t begin = 0;
    while (begin < tree.size() && !tree[begin].path.starts_with(prefix)) ++begin;
    std::size_t end = begin;
    while (end < tree.size() && tree[end].path.starts_with(prefix)) ++end;
    return std::span<const ConfigRow>(tree).subspan(begin, end - begin);
}

constexpr unsigned get = static_cast<unsigned>(ConfigVerb::get);
constexpr unsigned get_put = get | static_cast<unsigned>(ConfigVerb::put);
constexpr unsigned all_verbs = 31;

constexpr ConfigResource in_tree(std::string_view path, std::string_view root, std::string_view prefix,
                                 unsigned verbs) {
    return {path, root, prefix, verbs, {}, section(prefix)};
}

constexpr std::array resources{
    in_tree("", "Config", "", get_put),
    in_tree("client", "Client", "Client/", get_put),
    in_tree("client/auth", "Auth", "Client/Auth/", get_put),
    in_tree("client/defaultports", "DefaultPorts", "Client/DefaultPorts/", get),
    in_tree("service", "Service", "Service/", get_put),
    in_tree("service/auth", "Auth", "Service/Auth/", get_put),
    in_tree("service/defaultports", "DefaultPorts", "Service/DefaultPorts/", get),
    in_tree("winrs", "Winrs", "Winrs/", get_put),
    ConfigResource{"listener", "Listener", "", all_verbs, listener_keys, listener},
    ConfigResource{"service/certmapping", "CertMapping", "", all_verbs, mapping_keys, certificate_mapping},
};

constexpr std::array security_rows{ConfigRow{"Uri", Type::text, "", 0, most, Access::key}};
constexpr std::array plugin_rows{ConfigRow{"Name", Type::text, "", 0, most, Access::key}};
constexpr std::array<std::string_view, 1> security_keys{"Uri"};
constexpr std::array<std::string_view, 1> plugin_keys{"Name"};
constexpr unsigned enumerate = static_cast<unsigned>(ConfigVerb::enumerate);

// Plugins are part of this service: none is made or taken away.
constexpr std::array plugin_resources{
    ConfigResource{"service/security", "Security", "", get_put, security_keys, security_rows},
    ConfigResource{"plugin", "PlugInConfiguration", "", get_put | enumerate, plugin_keys, plugin_rows},
    ConfigResource{"resource", "Resource", "", enumerate},
};

// The path below winrm/config; nothing for a URI that is not there.
std::optional<std::string_view> path_of(std::string_view uri) {
    const auto base = resource::config.size();
    if (uri.size() < base || !same_ignoring_case(uri.substr(0, base), resource::config)) return std::nullopt;
    auto path = uri.substr(base);
    if (path.empty()) return path;
    if (path.front() != '/' || path.size() == 1) return std::nullopt;
    return path.substr(1);
}

const ConfigResource* find_in(std::span<const ConfigResource> all, std::string_view uri) {
    const auto path = path_of(uri);
    if (!path) return nullptr;
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const auto& row) { return same_ignoring_case(row.path, *path); });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace

const ConfigResource& security_config_resource() {
    return plugin_resources[0];
}

const ConfigResource& plugin_config_resource() {
    return plugin_resources[1];
}

const ConfigResource& usable_config_resource() {
    return plugin_resources[2];
}

const ConfigResource* find_plugin_config_resource(std::string_view uri) {
    return find_in(plugin_resources, uri);
}

std::span<const ConfigResource> config_resources() {
    return resources;
}

const ConfigResource* find_config_resource(std::string_view uri) {
    return find_in(resources, uri);
}

std::string config_uri(const ConfigResource& resource) {
    std::string uri(resource::config);
    if (!resource.path.empty()) uri.append("/").append(resource.path);
    return uri;
}

const ConfigRow* find_config_row(const ConfigResource& resource, std::string_view path) {
    for (const auto& row : resource.rows)
        if (row.path == path) return &row;
    return nullptr;
}

bool is_config_section(const ConfigResource& resource, std::string_view path) {
    return std::any_of(resource.rows.begin(), resource.rows.end(), [&](const ConfigRow& row) {
        return row.path.size() > path.size() && row.path.starts_with(path) && row.path[path.size()] == '/';
    });
}

}  // namespace mullion::wsman
