#include "state/config_layer.h"

#include <fmt/core.h>

#include "http/message.h"
#include "state/listen_url.h"
#include "state/settings_table.h"

namespace mullion::state {

Result<void> set_text(ConfigLayer& layer, std::string_view path_and_value) {
    const auto wrong = [&](std::string_view what, std::string_view why) {
        return Error{ErrorId::config_invalid, fmt::format("--set {}: {}", what, why)};
    };
    const auto equals = path_and_value.find('=');
    if (equals == std::string_view::npos) return wrong(path_and_value, "PATH=VALUE is wanted");
    const auto path = path_and_value.substr(0, equals);
    const Setting* setting = find_setting(path);
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
    return a.https == b.https && http::same_without_case(a.address, b.address);
}

bool same_key(const CertificateMapping& a, const CertificateMapping& b) {
    return a.issuer == b.issuer && a.subject == b.subject && a.uri == b.uri;
}

bool same_key(const SecurityEntry& a, const SecurityEntry& b) {
    return http::same_without_case(a.uri, b.uri);
}

}  // namespace mullion::state
