#include "state/config_tree.h"

#include <algorithm>

#include "http/message.h"
#include "state/settings_table.h"

namespace mullion::state {
namespace {

constexpr std::uint16_t compatibility_http_port = 80;
constexpr std::uint16_t compatibility_https_port = 443;

bool is_on(const ConfigTree& tree, std::string_view path) {
    return tree.value(*find_setting(path)->row).text == "true";
}

void add_compatible(const ConfigTree& tree, std::vector<ConfigTree::Listener>& all) {
    ListenerSettings one;
    if (is_on(tree, "Service/EnableCompatibilityHttpListener")) {
        one.port = compatibility_http_port;
        all.push_back({one, Origin::compatibility});
    }
    if (!is_on(tree, "Service/EnableCompatibilityHttpsListener")) return;
    one.https = true;
    one.port = compatibility_https_port;
    const auto other = std::find_if(all.begin(), all.end(), [](auto& any) { return any.settings.https; });
    if (other != all.end()) one.thumbprint = other->settings.thumbprint;
    all.push_back({one, Origin::compatibility});
}

// A URL or a socket of systemd names no certificate: that is the file's business.
void give_certificates(ConfigTree::Listener& listener,
                       const std::optional<std::vector<ListenerSettings>>& file) {
    auto& own = listener.settings;
    if (listener.origin != Origin::command_line || !own.https || !own.thumbprint.empty() || !file) return;
    const ListenerSettings* found = nullptr;
    for (const auto& one : *file) {
        if (!one.https || one.thumbprint.empty()) continue;
        if (found == nullptr || same_key(one, own)) found = &one;
    }
    if (found != nullptr) own.thumbprint = found->thumbprint;
}

// Two of one layer are an error of whoever wrote it; policy must not stop a service whose file was right.
const ConfigTree::Listener* displaces(const std::vector<ConfigTree::Listener>& all, std::size_t which,
                                      const Settings& settings) {
    const auto& one = all[which];
    const auto port = effective_port(one.settings, settings);
    if (!one.settings.enabled || port == 0) return nullptr;
    for (std::size_t i = 0; i < which; ++i) {
        const auto& higher = all[i];
        if (higher.origin != one.origin && higher.settings.enabled &&
            http::same_without_case(higher.settings.address, one.settings.address) &&
            effective_port(higher.settings, settings) == port)
            return &higher;
    }
    return nullptr;
}

}  // namespace

ConfigTree::Value ConfigTree::value(const wsman::ConfigRow& row) const {
    const std::pair<const ConfigLayer*, Origin> layers[] = {
        {&policy, Origin::policy}, {&command_line, Origin::command_line}, {&file, Origin::file}};
    for (const auto& [layer, origin] : layers) {
        const auto found = layer->values.find(row.path);
        if (found != layer->values.end()) return {found->second, origin};
    }
    return {row.preset, Origin::preset};
}

std::vector<ConfigTree::Listener> ConfigTree::listeners() const {
    std::vector<Listener> all;
    const auto add = [&](const std::optional<std::vector<ListenerSettings>>& of, Origin origin) {
        if (!of) return;
        const auto higher = all.size();
        for (const auto& one : *of) {
            const auto end = all.begin() + static_cast<std::ptrdiff_t>(higher);
            const bool hidden =
                std::any_of(all.begin(), end, [&](auto& other) { return same_key(other.settings, one); });
            if (!hidden) all.push_back({one, origin});
        }
    };
    add(policy.listeners, Origin::policy);
    add(command_line.listeners, Origin::command_line);
    add(file.listeners, Origin::file);
    for (auto& one : all) give_certificates(one, file.listeners);
    if (!file.listeners && !command_line.listeners)
        add(std::vector<ListenerSettings>{ListenerSettings{}}, Origin::preset);
    add_compatible(*this, all);
    return all;
}

std::vector<ConfigTree::Security> ConfigTree::security() const {
    std::vector<Security> all;
    for (const auto& one : policy.security) all.push_back({one, Origin::policy});
    for (const auto& one : file.security)
        if (find_security(policy.security, one.uri) == nullptr) all.push_back({one, Origin::file});
    return all;
}

Config ConfigTree::config() const {
    Config out;
    for (const Setting& setting : settings_table()) assign(out.settings, setting, value(*setting.row).text);
    out.listeners.clear();
    const auto all = listeners();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto* other = displaces(all, i, out.settings);
        if (other == nullptr) out.listeners.push_back(all[i].settings);
        // One that is there for compatibility, and is there already, is no news.
        if (other != nullptr && other->settings.https != all[i].settings.https)
            out.displaced.push_back(all[i].settings);
    }
    out.mappings = file.mappings;
    for (auto& one : security()) out.security.push_back(std::move(one.entry));
    out.groups = file.groups;
    out.settings.use_login_shell = file.use_login_shell.value_or(false);
    return out;
}

}  // namespace mullion::state
