#include "state/config_write.h"

#include <algorithm>

#include <fmt/core.h>

#include "state/config_file.h"
#include "state/listen_url.h"
#include "state/settings_table.h"

namespace mullion::state {
namespace {

constexpr const char* indent_of_items = "  ";

std::string_view part(std::string_view path, std::size_t level) {
    for (; level != 0; --level) {
        const auto slash = path.find('/');
        if (slash == std::string_view::npos) return {};
        path.remove_prefix(slash + 1);
    }
    return path.substr(0, path.find('/'));
}

std::size_t depth(std::string_view path) {
    return static_cast<std::size_t>(std::count(path.begin(), path.end(), '/'));
}

// Opens the sections that the last path was not in.
void open_sections(std::string& out, std::string_view last, std::string_view path) {
    bool same = true;
    for (std::size_t level = 0; level < depth(path); ++level) {
        same = same && level < depth(last) && part(last, level) == part(path, level);
        if (!same) out += fmt::format("{}{}:\n", std::string(2 * level, ' '), part(path, level));
    }
}

template <class Instance>
void write_list(std::string& out, std::string_view key, const std::vector<Instance>& list) {
    out += fmt::format("{}:{}\n", key, list.empty() ? " []" : "");
    for (const auto& one : list) out += item_text(item_pairs(one), indent_of_items);
}

}  // namespace

std::string quoted(std::string_view text, bool bare) {
    if (bare) return std::string(text);
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out.append(1, '\\').append(1, c);
        else if (static_cast<unsigned char>(c) < ' ')
            out += fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
        else
            out += c;
    }
    return out + '"';
}

std::string value_scalar(std::string_view path, std::string_view text) {
    switch (find_setting(path)->row->type) {
        case wsman::ConfigType::boolean:
        case wsman::ConfigType::number:
        case wsman::ConfigType::port:
        case wsman::ConfigType::hardening:
            return quoted(text, true);
        default:
            return quoted(text);
    }
}

Pairs item_pairs(const ListenerSettings& listener) {
    const auto boolean = [](bool value) { return std::string(value ? "true" : "false"); };
    Pairs pairs{{"Address", quoted(listener_address_text(listener.address))},
                {"Transport", listener.https ? "HTTPS" : "HTTP"}};
    if (listener.port) pairs.emplace_back("Port", std::to_string(*listener.port));
    if (!listener.hostname.empty()) pairs.emplace_back("Hostname", quoted(listener.hostname));
    pairs.emplace_back("Enabled", boolean(listener.enabled));
    if (listener.url_prefix != ListenerSettings{}.url_prefix)
        pairs.emplace_back("URLPrefix", quoted(listener.url_prefix));
    if (!listener.thumbprint.empty())
        pairs.emplace_back("CertificateThumbprint", quoted(listener.thumbprint));
    if (listener.ask_at_handshake) pairs.emplace_back("ClientCertNegotiation", boolean(true));
    return pairs;
}

Pairs item_pairs(const CertificateMapping& mapping) {
    return {{"Issuer", quoted(mapping.issuer)},
            {"Subject", quoted(mapping.subject)},
            {"URI", quoted(mapping.uri)},
            {"Enabled", mapping.enabled ? "true" : "false"},
            {"UserName", quoted(mapping.user)}};
}

Pairs item_pairs(const SecurityEntry& entry) {
    return {{"Uri", quoted(entry.uri)},
            {"Sddl", quoted(entry.sddl)},
            {"ExactMatch", entry.exact ? "true" : "false"}};
}

std::string item_text(const Pairs& pairs, const std::string& indent) {
    std::string out;
    for (const auto& [key, value] : pairs)
        out += fmt::format("{}{} {}: {}\n", indent, out.empty() ? '-' : ' ', key, value);
    return out;
}

std::string layer_yaml(const ConfigLayer& layer) {
    std::string out;
    std::string_view last;
    for (const Setting& setting : settings_table()) {
        const auto found = layer.values.find(setting.path());
        if (found == layer.values.end()) continue;
        const auto level = depth(setting.path());
        open_sections(out, last, setting.path());
        out += fmt::format("{}{}: {}\n", std::string(2 * level, ' '), part(setting.path(), level),
                           value_scalar(setting.path(), found->second));
        last = setting.path();
    }
    if (layer.listeners) write_list(out, "Listener", *layer.listeners);
    if (!layer.mappings.empty()) write_list(out, "CertMapping", layer.mappings);
    if (!layer.security.empty()) write_list(out, "Security", layer.security);
    if (!layer.groups.empty()) out += "Groups:\n";
    for (const auto& rule : layer.groups)
        out += fmt::format("  {}: {}\n", quoted(rule.unix_group), quoted(rule.group));
    if (layer.use_login_shell) out += fmt::format("UseLoginShell: {}\n", *layer.use_login_shell);
    return out;
}

}  // namespace mullion::state
