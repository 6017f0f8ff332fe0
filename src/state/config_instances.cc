// Listeners and mappings in files. What a value may be is the wire's rule; what is ours besides is here.
#include <algorithm>

#include "http/message.h"
#include "state/account_rules.h"
#include "state/config_nodes.h"
#include "state/listen_url.h"
#include "wsman/config.h"

namespace mullion::state {
namespace {

constexpr std::size_t max_listeners = 64;
constexpr std::size_t max_mappings = 10'000;
constexpr std::string_view negotiation = "ClientCertNegotiation";  // Ours, after netsh's.

std::optional<bool> read_switch(std::string_view value) {
    for (const auto* yes : {"true", "yes", "on"})
        if (http::same_without_case(value, yes)) return true;
    for (const auto* no : {"false", "no", "off"})
        if (http::same_without_case(value, no)) return false;
    return std::nullopt;
}

Result<void> read_address(ListenerSettings& listener, const yaml::Node::Entry& entry) {
    const auto address = parse_listener_address(entry.value.scalar);
    if (!address)
        return at_line(entry.line, fmt::format("Address \"{}\" is not *, IP:ADDRESS, MAC:aa-bb-cc-dd-ee-ff "
                                               "or an address",
                                               entry.value.scalar));
    listener.address = *address;
    return {};
}

Result<void> read_listener_key(ListenerSettings& listener, bool& transport, const yaml::Node::Entry& entry) {
    const auto is = [&](std::string_view name) { return http::same_without_case(entry.key, name); };
    const auto text = [&](std::string_view name) { return instance_text("listener", name, entry); };
    if (entry.value.kind != yaml::Node::Kind::scalar)
        return at_line(entry.line, fmt::format("{} takes one value", entry.key));
    if (is("Address")) return read_address(listener, entry);
    if (is("Transport")) {
        MULLION_ASSIGN(const auto name, text("Transport"));
        listener.https = name == "HTTPS";
        transport = true;
    } else if (is("Port")) {
        MULLION_ASSIGN(const auto number, text("Port"));
        listener.port = parse_port(number);
    } else if (is("Hostname")) {
        MULLION_ASSIGN(listener.hostname, text("Hostname"));
    } else if (is("Enabled")) {
        MULLION_ASSIGN(listener.enabled, read_boolean(entry));
    } else if (is("URLPrefix")) {
        MULLION_ASSIGN(listener.url_prefix, text("URLPrefix"));
    } else if (is("CertificateThumbprint")) {
        MULLION_ASSIGN(listener.thumbprint, text("CertificateThumbprint"));
    } else if (is(negotiation)) {
        MULLION_ASSIGN(listener.ask_at_handshake, read_boolean(entry));
    } else {
        const auto near = nearest(entry.key, {"Address", "Transport", "Port", "Hostname", "Enabled",
                                              "URLPrefix", "CertificateThumbprint", negotiation});
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

Result<void> read_mapping_key(CertificateMapping& mapping, const yaml::Node::Entry& entry) {
    const auto is = [&](std::string_view name) { return http::same_without_case(entry.key, name); };
    const auto text = [&](std::string_view name) {
        return instance_text("service/certmapping", name, entry);
    };
    if (entry.value.kind != yaml::Node::Kind::scalar)
        return at_line(entry.line, fmt::format("{} takes one value", entry.key));
    if (is("Issuer")) {
        MULLION_ASSIGN(mapping.issuer, text("Issuer"));
    } else if (is("Subject")) {
        MULLION_ASSIGN(mapping.subject, text("Subject"));
    } else if (is("URI")) {
        MULLION_ASSIGN(mapping.uri, text("URI"));
    } else if (is("Enabled")) {
        MULLION_ASSIGN(mapping.enabled, read_boolean(entry));
    } else if (is("UserName")) {
        const auto fine = check_account_name(entry.value.scalar);
        if (!fine.ok()) return at_line(entry.line, "UserName: a local account: " + fine.error().detail);
        mapping.user = entry.value.scalar;
    } else {
        const auto near = nearest(entry.key, {"Issuer", "Subject", "URI", "Enabled", "UserName"});
        return at_line(entry.line,
                       fmt::format("{} is not a key of a CertMapping{}", entry.key, suggestion(near)));
    }
    return {};
}

template <class Instance>
bool is_among(const std::vector<Instance>& all, const Instance& one) {
    return std::any_of(all.begin(), all.end(), [&](const auto& other) { return same_key(other, one); });
}

}  // namespace

Result<bool> read_boolean(const yaml::Node::Entry& entry) {
    const bool scalar = entry.value.kind == yaml::Node::Kind::scalar;
    const auto wanted = scalar ? read_switch(entry.value.scalar) : std::nullopt;
    if (!wanted) return at_line(entry.line, fmt::format("{} is true or false", entry.key));
    return *wanted;
}

Result<std::string> instance_text(std::string_view resource, std::string_view name,
                                  const yaml::Node::Entry& entry) {
    const auto* found = wsman::find_config_resource(fmt::format("{}/{}", wsman::resource::config, resource));
    auto text = wsman::config_text(*wsman::find_config_row(*found, name), entry.value.scalar);
    if (!text.ok()) return at_line(entry.line, text.error().detail);
    return text;
}

Result<void> read_listeners(ConfigLayer& layer, const yaml::Node::Entry& entry) {
    if (entry.value.is_null()) return {};
    if (entry.value.kind != yaml::Node::Kind::list) return at_line(entry.line, "Listener is a list");
    if (entry.value.list.size() > max_listeners)
        return at_line(entry.line, fmt::format("over {} listeners", max_listeners));
    auto& listeners = layer.listeners.emplace();
    for (const auto& node : entry.value.list) {
        MULLION_ASSIGN(ListenerSettings listener, read_listener(node));
        if (is_among(listeners, listener))
            return at_line(node.line, "there is already a listener of that Address and Transport");
        listeners.push_back(std::move(listener));
    }
    return {};
}

Result<void> read_mappings(ConfigLayer& layer, const yaml::Node::Entry& entry) {
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
        if (is_among(layer.mappings, mapping))
            return at_line(node.line, "there is already a mapping of that Issuer, Subject and URI");
        layer.mappings.push_back(std::move(mapping));
    }
    return {};
}

}  // namespace mullion::state
