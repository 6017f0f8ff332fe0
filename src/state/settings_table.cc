#include "state/settings_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include <fmt/core.h>

#include "core/nearest.h"
#include "http/message.h"
#include "wsman/config.h"

namespace mullion::state {
namespace {

struct Binding {
    std::string_view path;
    SettingField field;
    std::string_view text;
};

constexpr std::string_view of_clients = "For clients on this machine; kept for them.";
constexpr SettingField none{};

// In the order of wsman's table, row by row.
constexpr std::array bindings{
    Binding{"MaxEnvelopeSizekb", &Settings::max_envelope_size_kb,
            "Largest request in KiB (over it: HTTP 413), and largest answer."},
    Binding{"MaxTimeoutms", &Settings::max_timeout_ms,
            "Longest time one request may take; a longer w:OperationTimeout is capped."},
    Binding{"MaxBatchItems", &Settings::max_batch_items, "Most items of one Pull."},
    Binding{"MaxProviderRequests", none, "Deprecated; shown, never changed."},
    Binding{"Client/NetworkDelayms", none, of_clients},
    Binding{"Client/URLPrefix", none, of_clients},
    Binding{"Client/AllowUnencrypted", none, of_clients},
    Binding{"Client/Auth/Basic", none, of_clients},
    Binding{"Client/Auth/Digest", none, of_clients},
    Binding{"Client/Auth/Kerberos", none, of_clients},
    Binding{"Client/Auth/Negotiate", none, of_clients},
    Binding{"Client/Auth/Certificate", none, of_clients},
    Binding{"Client/Auth/CredSSP", none, of_clients},
    Binding{"Client/DefaultPorts/HTTP", none, of_clients},
    Binding{"Client/DefaultPorts/HTTPS", none, of_clients},
    Binding{"Client/TrustedHosts", none, of_clients},
    Binding{"Service/RootSDDL", &Settings::root_sddl,
            "Who may use what has no descriptor of its own (Security below)."},
    Binding{"Service/MaxConcurrentOperations", none, "Deprecated; shown, never changed."},
    Binding{"Service/MaxConcurrentOperationsPerUser", &Settings::max_operations_per_user,
            "Requests that one account may have outstanding, open enumerations counted."},
    Binding{"Service/EnumerationTimeoutms", &Settings::enumeration_timeout_ms,
            "An enumeration that nobody pulls from is forgotten after this."},
    Binding{"Service/MaxConnections", &Settings::max_connections,
            "Connections in all (Windows ends at 512). Over it one that has not logged on gives way, or the "
            "new one is closed at once."},
    Binding{"Service/MaxPacketRetrievalTimeSeconds", &Settings::max_packet_seconds,
            "A request must be complete within this (else HTTP 500)."},
    Binding{"Service/AllowUnencrypted", &Settings::allow_unencrypted,
            "Takes messages in clear over HTTP, and Basic over HTTP. Unsafe."},
    Binding{"Service/Auth/Basic", &Settings::basic,
            "Offers Basic: the password itself travels, so only inside TLS."},
    Binding{"Service/Auth/Kerberos", &Settings::kerberos,
            "Offers Kerberos by itself, where there is a keytab; inside Negotiate it then is in any case."},
    Binding{"Service/Auth/Negotiate", &Settings::negotiate,
            "Offers Negotiate (SPNEGO, Kerberos with a keytab, NTLM)."},
    Binding{"Service/Auth/Certificate", &Settings::certificate,
            "Takes client certificates inside TLS, as CertMapping maps them to accounts."},
    Binding{"Service/Auth/CredSSP", &Settings::credssp,
            "Offers CredSSP: clients hand over the password itself, for the session to use elsewhere."},
    Binding{"Service/Auth/CbtHardeningLevel", &Settings::hardening,
            "None ignores channel bindings (unsafe), Relaxed checks those that come, Strict wants one over "
            "HTTPS."},
    Binding{"Service/DefaultPorts/HTTP", &Settings::http_port, "Port of HTTP listeners that name none."},
    Binding{"Service/DefaultPorts/HTTPS", &Settings::https_port, "Port of HTTPS listeners that name none."},
    Binding{"Service/IPv4Filter", &Settings::ipv4_filter,
            "At which of this machine's addresses it answers: all (`*`), none, or those in the ranges. A "
            "connection to another one is closed at once."},
    Binding{"Service/IPv6Filter", &Settings::ipv6_filter, "The same of IPv6."},
    Binding{"Service/EnableCompatibilityHttpListener", &Settings::compatibility_http,
            "Listens on port 80 as well, with /wsman."},
    Binding{"Service/EnableCompatibilityHttpsListener", &Settings::compatibility_https,
            "Listens on port 443 as well, with the certificate of the first HTTPS listener."},
    Binding{"Service/CertificateThumbprint", &Settings::credssp_thumbprint,
            "The certificate of CredSSP's inner TLS, one of DIR/certs; empty: one is made at each start."},
    Binding{"Service/AllowRemoteAccess", &Settings::allow_remote_access,
            "False: only this machine's own addresses are answered."},
    Binding{"Winrs/AllowRemoteShellAccess", &Settings::allow_remote_shell_access, "False: no new shells."},
    Binding{"Winrs/IdleTimeout", &Settings::idle_timeout_ms,
            "A shell nobody uses is deleted after this many milliseconds; below 60000 means 60000."},
    Binding{"Winrs/MaxConcurrentUsers", &Settings::max_concurrent_users,
            "Accounts that may have shells at the same time."},
    Binding{"Winrs/MaxShellRunTime", &Settings::max_shell_run_time_ms,
            "A shell is ended after this many milliseconds; 2147483647 is no limit."},
    Binding{"Winrs/MaxProcessesPerShell", &Settings::max_processes_per_shell,
            "Commands that may run in one shell at the same time; 0 is no limit."},
    Binding{"Winrs/MaxMemoryPerShellMB", &Settings::max_memory_per_shell_mb,
            "Memory of all processes of one shell; 0 and 2147483647 are no limit."},
    Binding{"Winrs/MaxShellsPerUser", &Settings::max_shells_per_user,
            "Shells that one account may have; 0 is no limit."},
};

using Table = std::array<Setting, bindings.size()>;

// A row that is bound to nothing would be read and ignored: that is a bug, told at the first start.
Table make_table() {
    const auto rows = wsman::find_config_resource(wsman::resource::config)->rows;
    if (rows.size() != bindings.size()) std::abort();
    Table table{};
    for (std::size_t i = 0; i < bindings.size(); ++i) {
        if (rows[i].path != bindings[i].path) std::abort();
        table[i] = {&rows[i], bindings[i].field, bindings[i].text};
    }
    return table;
}

const Table& table() {
    static const Table made = make_table();
    return made;
}

constexpr std::array<std::string_view, 3> hardening_names{"None", "Relaxed", "Strict"};

bool same_path(std::string_view a, std::string_view b) {
    const auto separator = [](char c) { return c == '/' || c == '\\' || c == '.'; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) {
        if (separator(x) || separator(y)) return separator(x) && separator(y);
        return http::same_without_case({&x, 1}, {&y, 1});
    });
}

struct Assign {
    Settings& settings;
    std::string_view text;

    void operator()(std::monostate) const {}
    void operator()(bool Settings::*field) const { settings.*field = text == "true"; }
    void operator()(std::uint32_t Settings::*field) const {
        std::from_chars(text.data(), text.data() + text.size(), settings.*field);
    }
    void operator()(auth::CbtHardening Settings::*field) const {
        const auto* const found = std::find(hardening_names.begin(), hardening_names.end(), text);
        settings.*field = static_cast<auth::CbtHardening>(found - hardening_names.begin());
    }
    void operator()(std::string Settings::*field) const { settings.*field = text; }
};

bool is_sddl(const Setting& setting) {
    const auto* field = std::get_if<std::string Settings::*>(&setting.field);
    return field != nullptr && *field == &Settings::root_sddl;
}

std::string_view as_boolean(std::string_view value) {
    for (const auto* yes : {"yes", "on"})
        if (http::same_without_case(value, yes)) return "true";
    for (const auto* no : {"no", "off"})
        if (http::same_without_case(value, no)) return "false";
    return value;
}

}  // namespace

std::span<const Setting> settings_table() {
    return table();
}

const Setting* find_setting(std::string_view path) {
    const auto found = std::find_if(table().begin(), table().end(),
                                    [&](const Setting& one) { return same_path(one.path(), path); });
    return found == table().end() ? nullptr : &*found;
}

std::string_view nearest_setting(std::string_view path) {
    // The service's before those that are kept for clients: many have one name.
    std::vector<std::string_view> paths;
    for (const bool of_clients : {false, true})
        for (const Setting& setting : table())
            if (setting.path().starts_with("Client/") == of_clients) paths.push_back(setting.path());
    return nearest(path, paths);
}

Result<std::string> setting_text(const Setting& setting, std::string_view value) {
    if (!setting.writable())
        return Error{ErrorId::config_invalid,
                     fmt::format("{} is deprecated, and cannot be changed", setting.path())};
    if (setting.row->type == wsman::ConfigType::boolean) value = as_boolean(value);
    auto text = wsman::config_text(*setting.row, value);
    if (!text.ok()) return Error{ErrorId::config_invalid, text.error().detail};
    if (is_sddl(setting)) {
        auto read = read_descriptor(*text);
        if (!read.ok())
            return Error{ErrorId::config_invalid, fmt::format("{}: {}", setting.path(), read.error().detail)};
    }
    return text;
}

void assign(Settings& settings, const Setting& setting, std::string_view text) {
    std::visit(Assign{settings, text}, setting.field);
}

std::string type_text(const Setting& setting) {
    switch (setting.row->type) {
        case wsman::ConfigType::boolean:
            return "true, false";
        case wsman::ConfigType::number:
        case wsman::ConfigType::port:
            return setting.writable() ? fmt::format("{}..{}", setting.row->minimum, setting.row->maximum)
                                      : "read-only";
        case wsman::ConfigType::hardening:
            return "None, Relaxed, Strict";
        case wsman::ConfigType::thumbprint:
            return "40 hex digits or empty";
        case wsman::ConfigType::ip_filter:
            return "empty, `*` or ranges `FROM-TO`, parted by commas";
        case wsman::ConfigType::trusted_hosts:
            return "empty, `*` or names, parted by commas";
        case wsman::ConfigType::url_prefix:
            return "letters, digits, _ and /";
        default:
            return is_sddl(setting) ? "SDDL" : "text";
    }
}

std::vector<ListenerSettings> effective_listeners(const Config& config) {
    std::vector<ListenerSettings> enabled;
    for (const auto& listener : config.listeners)
        if (listener.enabled) enabled.push_back(listener);
    return enabled;
}

std::uint16_t effective_port(const ListenerSettings& listener, const Settings& settings) {
    if (listener.port) return *listener.port;
    return static_cast<std::uint16_t>(listener.https ? settings.https_port : settings.http_port);
}

}  // namespace mullion::state
