#include "service/config/config_documents.h"

#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "http/message.h"
#include "service/doors/places.h"
#include "state/listen_url.h"

namespace mullion::service {
namespace {

using state::Origin;

// Windows knows two of them. A value of the command line is shown as what it is: it cannot be changed either.
std::string_view source_of(Origin origin) {
    switch (origin) {
        case Origin::policy:
            return wsman::policy_source;
        case Origin::command_line:
            return "CommandLine";
        case Origin::compatibility:
            return "Compatibility";
        case Origin::preset:
        case Origin::file:
            break;
    }
    return {};
}

const wsman::ConfigResource& resource(std::string_view path) {
    return *wsman::find_config_resource(fmt::format("{}/{}", wsman::resource::config, path));
}

std::string text(bool value) {
    return value ? "true" : "false";
}

// What the selectors name, as one that has these keys and no more. Nothing for what no listener has.
std::optional<state::ListenerSettings> listener_named(const wsman::ConfigTarget& target) {
    const auto address = state::parse_listener_address(target.keys[0].value);
    const auto& transport = target.keys[1].value;
    const bool https = transport == "HTTPS";
    if (!address || (!https && transport != "HTTP")) return std::nullopt;
    state::ListenerSettings out;
    out.address = *address;
    out.https = https;
    return out;
}

state::CertificateMapping mapping_named(const wsman::ConfigTarget& target) {
    state::CertificateMapping out;
    out.uri = target.keys[0].value;
    out.subject = target.keys[1].value;
    out.issuer = target.keys[2].value;
    return out;
}

}  // namespace

const wsman::ConfigResource& listener_resource() {
    static const auto& found = resource("listener");
    return found;
}

const wsman::ConfigResource& mapping_resource() {
    static const auto& found = resource("service/certmapping");
    return found;
}

wsman::ConfigDocument document_of(const state::ConfigTree& tree, const wsman::ConfigResource& resource) {
    auto document = wsman::new_config_document(resource);
    for (const auto& row : resource.rows) {
        const auto value = tree.value(row);
        document.values.push_back(
            {std::string(row.path), std::string(value.text), std::string(source_of(value.origin)), false});
    }
    return document;
}

wsman::ConfigDocument document_of(const state::ConfigTree::Listener& listener, const ListenerFacts& facts) {
    const auto& settings = listener.settings;
    auto document = wsman::new_config_document(listener_resource());
    document.source = source_of(listener.origin);
    document.values = {{"Address", state::listener_address_text(settings.address), {}, false},
                       {"Transport", settings.https ? "HTTPS" : "HTTP", {}, false},
                       {"Port", std::to_string(facts.port), {}, false},
                       {"Hostname", settings.hostname, {}, false},
                       {"Enabled", text(settings.enabled), {}, false},
                       {"URLPrefix", settings.url_prefix, {}, false},
                       {"CertificateThumbprint", facts.thumbprint, {}, false}};
    for (const auto& address : facts.listening_on)
        document.values.push_back({"ListeningOn", address, {}, false});
    if (facts.listening_on.empty()) document.values.push_back({"ListeningOn", {}, {}, true});
    return document;
}

wsman::ConfigDocument document_of(const state::CertificateMapping& mapping) {
    auto document = wsman::new_config_document(mapping_resource());
    document.values = {{"URI", mapping.uri, {}, false},
                       {"Subject", mapping.subject, {}, false},
                       {"Issuer", mapping.issuer, {}, false},
                       {"UserName", mapping.user, {}, false},
                       {"Enabled", text(mapping.enabled), {}, false},
                       {"Password", {}, {}, false},
                       {"PassCertToPlugin", "false", {}, false}};
    return document;
}

wsman::ConfigTarget target_of(const state::ListenerSettings& listener) {
    return {&listener_resource(),
            {{"Address", state::listener_address_text(listener.address)},
             {"Transport", listener.https ? "HTTPS" : "HTTP"}}};
}

wsman::ConfigTarget target_of(const state::CertificateMapping& mapping) {
    return {&mapping_resource(),
            {{"URI", mapping.uri}, {"Subject", mapping.subject}, {"Issuer", mapping.issuer}}};
}

std::vector<std::string> reached_at(const state::ListenerSettings& listener, const state::Settings& settings,
                                    const std::vector<os::LocalAddress>& own) {
    std::vector<std::string> out;
    if (!listener.enabled) return out;
    const auto filtered = [&](const std::string& address) {
        const bool version_6 = address.find(':') != std::string::npos;
        return wsman::filter_takes(version_6 ? settings.ipv6_filter : settings.ipv4_filter, address);
    };
    const bool card = listener.address.starts_with("MAC:");
    const std::string place = plain_place(listener.address);
    for (const auto& one : own) {
        const bool meant =
            card ? http::same_without_case(one.card, listener.address.substr(4)) : covers(place, one.text);
        if (meant && filtered(one.text)) out.push_back(one.text);
    }
    // 127.0.0.2 is no card's, and yet this machine's.
    if (out.empty() && !card && closeness(place) == 2 && filtered(place)) out.push_back(place);
    return out;
}

const state::ConfigTree::Listener* find(const std::vector<state::ConfigTree::Listener>& all,
                                        const wsman::ConfigTarget& target) {
    const auto named = listener_named(target);
    for (const auto& one : all)
        if (named && same_key(one.settings, *named)) return &one;
    return nullptr;
}

const state::CertificateMapping* find(const std::vector<state::CertificateMapping>& all,
                                      const wsman::ConfigTarget& target) {
    const auto named = mapping_named(target);
    for (const auto& one : all)
        if (same_key(one, named)) return &one;
    return nullptr;
}

}  // namespace mullion::service
