#include "service/config_file.h"

#include <algorithm>

#include <fmt/core.h>

#include "core/nearest.h"
#include "encoding/hex.h"
#include "http/message.h"
#include "service/account_rules.h"
#include "service/listen_url.h"
#include "service/settings_table.h"

namespace mullion::service {
namespace {

constexpr std::size_t max_listeners = 64;
constexpr std::size_t max_mappings = 10'000;

Error at_line(unsigned line, std::string_view what) {
    return {ErrorId::config_invalid, fmt::format("line {}: {}", line, what)};
}

std::string suggestion(std::string_view near) {
    return near.empty() ? std::string() : fmt::format("; did you mean {}?", near);
}

// True for "Service" and "Service/Auth": names that hold settings but are none.
bool is_group(std::string_view path) {
    const auto table = settings_table();
    return std::any_of(table.begin(), table.end(), [&](const Setting& setting) {
        return setting.path.size() > path.size() && setting.path[path.size()] == '/' &&
               http::same_without_case(setting.path.substr(0, path.size()), path);
    });
}

Result<void> read_settings(Settings& settings, const std::string& path, const yaml::Node::Entry& entry) {
    if (const Setting* setting = find_setting(path)) {
        if (entry.value.kind != yaml::Node::Kind::scalar)
            return at_line(entry.line, fmt::format("{} takes one value", path));
        auto assigned = assign(settings, *setting, entry.value.scalar);
        if (!assigned.ok()) return at_line(entry.line, assigned.error().detail);
        return {};
    }
    if (!is_group(path))
        return at_line(entry.line,
                       fmt::format("{} is not a setting{}", path, suggestion(nearest_setting(path))));
    if (entry.value.is_null()) return {};  // "Service:" with everything below it commented out.
    if (entry.value.kind != yaml::Node::Kind::map)
        return at_line(entry.line, fmt::format("{} holds settings, not a value", path));
    for (const auto& below : entry.value.map)
        MULLION_TRY(read_settings(settings, fmt::format("{}/{}", path, below.key), below));
    return {};
}

std::optional<bool> read_switch(std::string_view value) {
    if (http::same_without_case(value, "true")) return true;
    if (http::same_without_case(value, "false")) return false;
    return std::nullopt;
}

Result<std::string> read_thumbprint(const yaml::Node::Entry& entry) {
    std::string hex = entry.value.scalar;
    std::erase(hex, ' ');  // As the certificate dialog of Windows shows it.
    const auto bytes = encoding::from_hex(hex);
    if (!hex.empty() && (!bytes || bytes->size() != 20))
        return at_line(entry.line, fmt::format("{} is 40 hex digits", entry.key));
    return bytes ? encoding::to_upper_hex(*bytes) : std::string();
}

Result<void> read_listener_key(ListenerSettings& listener, bool& transport, const yaml::Node::Entry& entry) {
    const auto is = [&](std::string_view name) { return http::same_without_case(entry.key, name); };
    if (entry.value.kind != yaml::Node::Kind::scalar)
        return at_line(entry.line, fmt::format("{} takes one value", entry.key));
    const std::string& value = entry.value.scalar;
    if (is("Address")) {
        const auto address = parse_listener_address(value);
        if (!address)
            return at_line(entry.line,
                           fmt::format("Address \"{}\" is not *, IP:ADDRESS or an address", value));
        listener.address = *address;
    } else if (is("Transport")) {
        listener.https = http::same_without_case(value, "HTTPS");
        if (!listener.https && !http::same_without_case(value, "HTTP"))
            return at_line(entry.line, "Transport is HTTP or HTTPS");
        transport = true;
    } else if (is("Port")) {
        listener.port = parse_port(value);
        if (!listener.port || *listener.port == 0)
            return at_line(entry.line, "Port is a number from 1 to 65535");
    } else if (is("Enabled")) {
        const auto wanted = read_switch(value);
        if (!wanted) return at_line(entry.line, "Enabled is true or false");
        listener.enabled = *wanted;
    } else if (is("CertificateThumbprint")) {
        MULLION_ASSIGN(listener.thumbprint, read_thumbprint(entry));
    } else if (is("ClientCertNegotiation")) {
        const auto wanted = read_switch(value);
        if (!wanted) return at_line(entry.line, "ClientCertNegotiation is true or false");
        listener.ask_at_handshake = *wanted;
    } else {
        const auto near = nearest(entry.key, {"Address", "Transport", "Port", "Enabled",
                                              "CertificateThumbprint", "ClientCertNegotiation"});
        return at_line(entry.line,
                       fmt::format("{} is not a key of a listener{}", entry.key, suggestion(near)));
    }
    return {};
}

Result<ListenerSettings> read_listener(const yaml::Node& node) {
    if (node.kind != yaml::Node::Kind::map)
        return at_line(node.line, "a listener is a map with Address and Transport");
    ListenerSettings out;
    bool transport = false;
    for (const auto& entry : node.map) MULLION_TRY(read_listener_key(out, transport, entry));
    if (!transport) return at_line(node.line, "a listener needs Transport: HTTP or HTTPS");
    if (!out.https && !out.thumbprint.empty())
        return at_line(node.line, "CertificateThumbprint is for HTTPS only");
    if (!out.https && out.ask_at_handshake)
        return at_line(node.line, "ClientCertNegotiation is for HTTPS only");
    return out;
}

Result<void> read_listeners(Config& config, const yaml::Node::Entry& entry) {
    if (entry.value.is_null()) return {};
    if (entry.value.kind != yaml::Node::Kind::list) return at_line(entry.line, "Listener is a list");
    if (entry.value.list.size() > max_listeners)
        return at_line(entry.line, fmt::format("over {} listeners", max_listeners));
    for (const auto& node : entry.value.list) {
        MULLION_ASSIGN(ListenerSettings listener, read_listener(node));
        const auto same = [&](const ListenerSettings& other) {
            return other.address == listener.address && other.https == listener.https;
        };
        // Address and Transport are the key, as on Windows.
        if (std::any_of(config.listeners.begin(), config.listeners.end(), same))
            return at_line(node.line, "there is already a listener of that Address and Transport");
        config.listeners.push_back(std::move(listener));
    }
    return {};
}

// At most one '*': at the end, or for a Subject also at the beginning.
bool is_pattern(std::string_view text, bool also_first) {
    const auto star = text.find('*');
    if (star == std::string_view::npos) return !text.empty();
    return text.find('*', star + 1) == std::string_view::npos &&
           (star + 1 == text.size() || (also_first && star == 0));
}

Result<void> read_mapping_key(CertificateMapping& mapping, const yaml::Node::Entry& entry) {
    const auto is = [&](std::string_view name) { return http::same_without_case(entry.key, name); };
    if (entry.value.kind != yaml::Node::Kind::scalar)
        return at_line(entry.line, fmt::format("{} takes one value", entry.key));
    const std::string& value = entry.value.scalar;
    if (is("Issuer")) {
        MULLION_ASSIGN(mapping.issuer, read_thumbprint(entry));
    } else if (is("Subject")) {
        if (!is_pattern(value, true)) return at_line(entry.line, "Subject has one * at most, at an end");
        mapping.subject = value;
    } else if (is("URI")) {
        if (!is_pattern(value, false) || value.find_first_of("? \t\r\n") != std::string::npos)
            return at_line(entry.line, "URI has no blanks, no ?, and a * at its end at most");
        mapping.uri = value;
    } else if (is("Enabled")) {
        const auto wanted = read_switch(value);
        if (!wanted) return at_line(entry.line, "Enabled is true or false");
        mapping.enabled = *wanted;
    } else if (is("UserName")) {
        const auto fine = check_account_name(value);
        if (!fine.ok()) return at_line(entry.line, "UserName: a local account: " + fine.error().detail);
        mapping.user = value;
    } else {
        const auto near = nearest(entry.key, {"Issuer", "Subject", "URI", "Enabled", "UserName"});
        return at_line(entry.line,
                       fmt::format("{} is not a key of a CertMapping{}", entry.key, suggestion(near)));
    }
    return {};
}

Result<void> read_mappings(Config& config, const yaml::Node::Entry& entry) {
    if (entry.value.is_null()) return {};
    if (entry.value.kind != yaml::Node::Kind::list) return at_line(entry.line, "CertMapping is a list");
    if (entry.value.list.size() > max_mappings)
        return at_line(entry.line, fmt::format("over {} mappings", max_mappings));
    for (const auto& node : entry.value.list) {
        CertificateMapping mapping;
        if (node.kind != yaml::Node::Kind::map)
            return at_line(node.line, "a mapping is a map with Issuer, Subject and UserName");
        for (const auto& key : node.map) MULLION_TRY(read_mapping_key(mapping, key));
        if (mapping.issuer.empty() || mapping.subject.empty() || mapping.user.empty())
            return at_line(node.line, "a mapping needs Issuer, Subject and UserName");
        const auto same = [&](const CertificateMapping& other) {
            return other.issuer == mapping.issuer && other.subject == mapping.subject &&
                   other.uri == mapping.uri;
        };
        // Issuer, Subject and URI are the key, as on Windows.
        if (std::any_of(config.mappings.begin(), config.mappings.end(), same))
            return at_line(node.line, "there is already a mapping of that Issuer, Subject and URI");
        config.mappings.push_back(std::move(mapping));
    }
    return {};
}

}  // namespace

Result<void> read_setting(Settings& settings, const yaml::Node::Entry& entry) {
    return read_settings(settings, entry.key, entry);
}

Result<Config> read_config(std::string_view yaml_text) {
    MULLION_ASSIGN(const yaml::Node root, yaml::read(yaml_text));
    Config config;
    if (root.is_null()) return config;
    if (root.kind != yaml::Node::Kind::map) return at_line(root.line, "settings are wanted: NAME: VALUE");
    for (const auto& entry : root.map) {
        if (http::same_without_case(entry.key, "Listener"))
            MULLION_TRY(read_listeners(config, entry));
        else if (http::same_without_case(entry.key, "CertMapping"))
            MULLION_TRY(read_mappings(config, entry));
        else
            MULLION_TRY(read_settings(config.settings, entry.key, entry));
    }
    return config;
}

}  // namespace mullion::service
