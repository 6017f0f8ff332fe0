#include "service/settings_table.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/core.h>

#include "core/nearest.h"
#include "encoding/hex.h"
#include "http/message.h"

namespace mullion::service {
namespace {

constexpr std::uint32_t no_limit = 4'294'967'295;
constexpr std::uint32_t no_quota = 2'147'483'647;

// In the order that Windows prints them.
constexpr std::array table{
    Setting{"MaxEnvelopeSizekb", &Settings::max_envelope_size_kb, 32, 1'039'440, true,
            "Largest request in KiB (over it: HTTP 413), and largest answer."},
    Setting{"MaxTimeoutms", &Settings::max_timeout_ms, 500, no_limit, true,
            "Longest time one request may take; a longer w:OperationTimeout is capped."},
    Setting{"MaxBatchItems", &Settings::max_batch_items, 1, no_limit, true, "Most items of one Pull."},
    Setting{"Service/MaxConcurrentOperationsPerUser", &Settings::max_operations_per_user, 1, no_limit, true,
            "Requests that one account may have outstanding, open enumerations counted."},
    Setting{"Service/EnumerationTimeoutms", &Settings::enumeration_timeout_ms, 500, no_limit, true,
            "An enumeration that nobody pulls from is forgotten after this."},
    Setting{"Service/MaxConnections", &Settings::max_connections, 1, 100'000, true,
            "Connections in all. Over it one that has not logged on gives way, or the new one is closed at "
            "once."},
    Setting{"Service/MaxPacketRetrievalTimeSeconds", &Settings::max_packet_seconds, 1, no_limit, true,
            "A request must be complete within this (else HTTP 500)."},
    Setting{"Service/AllowUnencrypted", &Settings::allow_unencrypted, 0, 1, true,
            "Takes messages in clear over HTTP, and Basic over HTTP. Unsafe."},
    Setting{"Service/Auth/Basic", &Settings::basic, 0, 1, true,
            "Offers Basic: the password itself travels, so only inside TLS."},
    Setting{"Service/Auth/Kerberos", &Settings::kerberos, 0, 1, true,
            "Offers Kerberos by itself, where there is a keytab; inside Negotiate it then is in any case."},
    Setting{"Service/Auth/Negotiate", &Settings::negotiate, 0, 1, true,
            "Offers Negotiate (SPNEGO, Kerberos with a keytab, NTLM)."},
    Setting{"Service/Auth/Certificate", &Settings::certificate, 0, 1, true,
            "Takes client certificates inside TLS, as CertMapping maps them to accounts."},
    Setting{"Service/Auth/CredSSP", &Settings::credssp, 0, 1, true,
            "Offers CredSSP: clients hand over the password itself, for the session to use elsewhere."},
    Setting{"Service/Auth/CbtHardeningLevel", &Settings::hardening, 0, 0, true,
            "None ignores channel bindings (unsafe), Relaxed checks those that come, Strict wants one over "
            "HTTPS."},
    Setting{"Service/CertificateThumbprint", &Settings::credssp_thumbprint, 0, 0, false,
            "The certificate of CredSSP's inner TLS, one of DIR/certs; empty: one is made at each start."},
    Setting{"Service/DefaultPorts/HTTP", &Settings::http_port, 1, 65'535, false,
            "Port of HTTP listeners that name none."},
    Setting{"Service/DefaultPorts/HTTPS", &Settings::https_port, 1, 65'535, false,
            "Port of HTTPS listeners that name none."},
    Setting{"Service/AllowRemoteAccess", &Settings::allow_remote_access, 0, 1, true,
            "False: only this machine's own addresses are answered."},
    Setting{"Winrs/AllowRemoteShellAccess", &Settings::allow_remote_shell_access, 0, 1, true,
            "False: no new shells."},
    Setting{"Winrs/IdleTimeout", &Settings::idle_timeout_ms, 0, no_quota, true,
            "A shell nobody uses is deleted after this many milliseconds; below 60000 means 60000."},
    Setting{"Winrs/MaxConcurrentUsers", &Settings::max_concurrent_users, 1, no_quota, true,
            "Accounts that may have shells at the same time."},
    Setting{"Winrs/MaxProcessesPerShell", &Settings::max_processes_per_shell, 0, no_quota, true,
            "Commands that may run in one shell at the same time; 0 is no limit."},
    Setting{"Winrs/MaxShellsPerUser", &Settings::max_shells_per_user, 0, no_quota, true,
            "Shells that one account may have; 0 is no limit."},
};

constexpr std::array<std::string_view, 3> hardening_names{"None", "Relaxed", "Strict"};

bool same_path(std::string_view a, std::string_view b) {
    const auto separator = [](char c) { return c == '/' || c == '\\' || c == '.'; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) {
        if (separator(x) || separator(y)) return separator(x) && separator(y);
        return http::same_without_case({&x, 1}, {&y, 1});
    });
}

bool is_any(std::string_view value, std::initializer_list<std::string_view> names) {
    return std::any_of(names.begin(), names.end(),
                       [&](auto name) { return http::same_without_case(value, name); });
}

Error not_valid(const Setting& setting, std::string_view value) {
    return {ErrorId::config_invalid,
            fmt::format("{}: \"{}\" is not one of {}", setting.path, value, type_text(setting))};
}

struct Assign {
    Settings& settings;
    const Setting& setting;
    std::string_view value;

    Result<void> operator()(bool Settings::*field) const {
        if (is_any(value, {"true", "yes", "on", "1"})) return settings.*field = true, Result<void>{};
        if (is_any(value, {"false", "no", "off", "0"})) return settings.*field = false, Result<void>{};
        return not_valid(setting, value);
    }
    Result<void> operator()(std::uint32_t Settings::*field) const {
        std::uint32_t number = 0;
        const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
        if (problem != std::errc() || end != value.data() + value.size()) return not_valid(setting, value);
        if (number < setting.minimum || number > setting.maximum) return not_valid(setting, value);
        settings.*field = number;
        return {};
    }
    Result<void> operator()(auth::CbtHardening Settings::*field) const {
        for (std::size_t i = 0; i < hardening_names.size(); ++i) {
            if (!http::same_without_case(value, hardening_names[i])) continue;
            settings.*field = static_cast<auth::CbtHardening>(i);
            return {};
        }
        return not_valid(setting, value);
    }
    Result<void> operator()(std::string Settings::*field) const {
        std::string hex(value);
        hex.erase(std::remove(hex.begin(), hex.end(), ' '), hex.end());  // As certificate managers show them.
        const auto bytes = encoding::from_hex(hex);
        if (!bytes || (bytes->size() != 20 && !bytes->empty())) return not_valid(setting, value);
        settings.*field = encoding::to_upper_hex(*bytes);
        return {};
    }
};

struct ValueText {
    const Settings& settings;
    std::string operator()(bool Settings::*field) const { return settings.*field ? "true" : "false"; }
    std::string operator()(std::uint32_t Settings::*field) const { return std::to_string(settings.*field); }
    std::string operator()(auth::CbtHardening Settings::*field) const {
        return std::string(hardening_names[static_cast<std::size_t>(settings.*field)]);
    }
    std::string operator()(std::string Settings::*field) const { return settings.*field; }
};

}  // namespace

std::span<const Setting> settings_table() {
    return table;
}

const Setting* find_setting(std::string_view path) {
    const auto found =
        std::find_if(table.begin(), table.end(), [&](auto& row) { return same_path(row.path, path); });
    return found == table.end() ? nullptr : &*found;
}

std::string_view nearest_setting(std::string_view path) {
    std::vector<std::string_view> paths;
    for (const Setting& setting : table) paths.push_back(setting.path);
    return nearest(path, paths);
}

Result<void> assign(Settings& settings, const Setting& setting, std::string_view value) {
    return std::visit(Assign{settings, setting, value}, setting.field);
}

std::string value_text(const Settings& settings, const Setting& setting) {
    return std::visit(ValueText{settings}, setting.field);
}

std::string type_text(const Setting& setting) {
    if (std::holds_alternative<bool Settings::*>(setting.field)) return "true, false";
    if (std::holds_alternative<auth::CbtHardening Settings::*>(setting.field)) return "None, Relaxed, Strict";
    if (std::holds_alternative<std::string Settings::*>(setting.field)) return "40 hex digits or empty";
    return fmt::format("{}..{}", setting.minimum, setting.maximum);
}

Result<void> assign_text(Settings& settings, std::string_view path_and_value) {
    const auto equals = path_and_value.find('=');
    if (equals == std::string_view::npos)
        return Error{ErrorId::config_invalid, fmt::format("--set {}: PATH=VALUE is wanted", path_and_value)};
    const auto path = path_and_value.substr(0, equals);
    if (const Setting* setting = find_setting(path))
        return assign(settings, *setting, path_and_value.substr(equals + 1));
    const auto near = nearest_setting(path);
    return Error{ErrorId::config_invalid,
                 fmt::format("--set {}: there is no such setting{}", path,
                             near.empty() ? std::string() : fmt::format("; did you mean {}?", near))};
}

std::vector<std::string_view> apply_live(Settings& running, const Settings& wanted) {
    std::vector<std::string_view> waiting;
    for (const Setting& setting : table) {
        std::visit(
            [&](auto field) {
                if (running.*field == wanted.*field) return;
                if (setting.live)
                    running.*field = wanted.*field;
                else
                    waiting.push_back(setting.path);
            },
            setting.field);
    }
    return waiting;
}

std::vector<ListenerSettings> effective_listeners(const Config& config) {
    if (config.listeners.empty()) return {ListenerSettings{}};
    std::vector<ListenerSettings> enabled;
    for (const auto& listener : config.listeners)
        if (listener.enabled) enabled.push_back(listener);
    return enabled;
}

std::uint16_t effective_port(const ListenerSettings& listener, const Settings& settings) {
    if (listener.port) return *listener.port;
    return static_cast<std::uint16_t>(listener.https ? settings.https_port : settings.http_port);
}

}  // namespace mullion::service
