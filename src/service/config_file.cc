#include "service/config_file.h"

#include <algorithm>

#include <fmt/core.h>

#include "core/nearest.h"
#include "encoding/hex.h"
#include "http/message.h"
#include "service/listen_url.h"
#include "service/settings_table.h"

namespace mullion::service {
namespace {

constexpr std::size_t max_listeners = 64;

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

Result<void> read_thumbprint(ListenerSettings& listener, const yaml::Node::Entry& entry) {
    std::string hex = entry.value.scalar;
    std::erase(hex, ' ');  // As the certificate dialog of Windows shows it.
    const auto bytes = encoding::from_hex(hex);
    if (!hex.empty() && (!bytes || bytes->size() != 20))
        return at_line(entry.line, "CertificateThumbprint is 40 hex digits");
    listener.thumbprint = bytes ? encoding::to_upper_hex(*bytes) : std::string();
    return {};
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
        if (!http::same_without_case(value, "true") && !http::same_without_case(value, "false"))
            return at_line(entry.line, "Enabled is true or false");
        listener.enabled = http::same_without_case(value, "true");
    } else if (is("CertificateThumbprint")) {
        return read_thumbprint(listener, entry);
    } else {
        const auto near =
            nearest(entry.key, {"Address", "Transport", "Port", "Enabled", "CertificateThumbprint"});
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
        else
            MULLION_TRY(read_settings(config.settings, entry.key, entry));
    }
    return config;
}

}  // namespace mullion::service
