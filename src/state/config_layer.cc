#include "state/config_layer.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "http/message.h"
#include "state/config_nodes.h"
#include "state/listen_url.h"
#include "state/settings_table.h"

namespace mullion::state {
namespace {

bool same_address(const std::string& a, const std::string& b) {
    if (http::same_without_case(a, b)) return true;
    in6_addr first{}, second{};
    return inet_pton(AF_INET6, a.c_str(), &first) == 1 && inet_pton(AF_INET6, b.c_str(), &second) == 1 &&
           std::equal(std::begin(first.s6_addr), std::end(first.s6_addr), std::begin(second.s6_addr));
}

}  // namespace

bool is_in_the_file_alone(std::string_view path) {
    constexpr std::array<std::string_view, 4> names{"UseLoginShell", "Groups", "Security", "CertMapping"};
    return std::any_of(names.begin(), names.end(),
                       [&](auto name) { return http::same_without_case(name, path); });
}

Result<void> set_text(ConfigLayer& layer, std::string_view path_and_value) {
    const auto wrong = [&](std::string_view what, std::string_view why) {
        return Error{ErrorId::config_invalid, fmt::format("--set {}: {}", what, why)};
    };
    const auto equals = path_and_value.find('=');
    if (equals == std::string_view::npos) return wrong(path_and_value, "PATH=VALUE is wanted");
    const auto path = path_and_value.substr(0, equals);
    const Setting* setting = find_setting(path);
    if (setting == nullptr && is_in_the_file_alone(path))
        return wrong(path, "that is written in DIR/winrm.yaml, and nowhere else");
    if (setting == nullptr) {
        const auto near = nearest_setting(path);
        return wrong(path, near.empty() ? std::string("there is no such setting")
                                        : fmt::format("there is no such setting; did you mean {}?", near));
    }
    MULLION_ASSIGN(auto text, setting_text(*setting, path_and_value.substr(equals + 1)));
    layer.values.insert_or_assign(std::string(setting->path()), std::move(text));
    return {};
}

Result<void> listen_text(ConfigLayer& layer, std::string_view url) {
    MULLION_ASSIGN(auto listener, parse_listen_url(url));
    if (!layer.listeners) layer.listeners.emplace();
    layer.listeners->push_back(std::move(listener));
    return {};
}

bool same_key(const ListenerSettings& a, const ListenerSettings& b) {
    return a.https == b.https && same_address(a.address, b.address);
}

bool same_key(const CertificateMapping& a, const CertificateMapping& b) {
    // The subject first: it is what differs where there are thousands.
    return http::same_without_case(a.subject, b.subject) && http::same_without_case(a.issuer, b.issuer) &&
           http::same_without_case(a.uri, b.uri);
}

bool same_key(const SecurityEntry& a, const SecurityEntry& b) {
    return http::same_without_case(a.uri, b.uri);
}

}  // namespace mullion::state
