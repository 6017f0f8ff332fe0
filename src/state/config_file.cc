#include "state/config_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "http/message.h"
#include "state/config_nodes.h"
#include "state/config_tree.h"
#include "state/security.h"
#include "state/settings_table.h"

namespace mullion::state {
namespace {

// True for "Service" and "Service/Auth": names that hold settings but are none.
bool is_group(std::string_view path) {
    const auto table = settings_table();
    return std::any_of(table.begin(), table.end(), [&](const Setting& setting) {
        const auto known = setting.path();
        return known.size() > path.size() && known[path.size()] == '/' &&
               http::same_without_case(known.substr(0, path.size()), path);
    });
}

}  // namespace

Result<void> read_values(ConfigLayer& layer, const std::string& path, const yaml::Node::Entry& entry) {
    if (const Setting* setting = find_setting(path)) {
        if (entry.value.kind != yaml::Node::Kind::scalar)
            return at_line(entry.line, fmt::format("{} takes one value", path));
        auto text = setting_text(*setting, entry.value.scalar);
        if (!text.ok()) return at_line(entry.line, text.error().detail);
        layer.values.insert_or_assign(std::string(setting->path()), std::move(*text));
        return {};
    }
    if (!is_group(path))
        return at_line(entry.line,
                       fmt::format("{} is not a setting{}", path, suggestion(nearest_setting(path))));
    if (entry.value.is_null()) return {};  // "Service:" with everything below it commented out.
    if (entry.value.kind != yaml::Node::Kind::map)
        return at_line(entry.line, fmt::format("{} holds settings, not a value", path));
    for (const auto& below : entry.value.map)
        MULLION_TRY(read_values(layer, fmt::format("{}/{}", path, below.key), below));
    return {};
}

bool is_missing(const std::string& path) {
    struct stat facts {};
    return ::lstat(path.c_str(), &facts) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

Result<ConfigLayer> read_layer(std::string_view yaml_text) {
    MULLION_ASSIGN(const yaml::Node root, yaml::read(yaml_text));
    ConfigLayer layer;
    if (root.is_null()) return layer;
    if (root.kind != yaml::Node::Kind::map) return at_line(root.line, "settings are wanted: NAME: VALUE");
    for (const auto& entry : root.map) {
        if (http::same_without_case(entry.key, "Listener"))
            MULLION_TRY(read_listeners(layer, entry));
        else if (http::same_without_case(entry.key, "CertMapping"))
            MULLION_TRY(read_mappings(layer, entry));
        else if (http::same_without_case(entry.key, "Security"))
            MULLION_TRY(read_security(layer.security, entry));
        else if (http::same_without_case(entry.key, "Groups"))
            MULLION_TRY(read_group_rules(layer.groups, entry));
        else if (http::same_without_case(entry.key, "UseLoginShell")) {
            MULLION_ASSIGN(layer.use_login_shell, read_boolean(entry));
        } else
            MULLION_TRY(read_values(layer, entry.key, entry));
    }
    return layer;
}

Result<Config> read_config(std::string_view yaml_text) {
    ConfigTree tree;
    MULLION_ASSIGN(tree.file, read_layer(yaml_text));
    return tree.config();
}

Result<void> read_setting(Settings& settings, const yaml::Node::Entry& entry) {
    ConfigLayer layer;
    MULLION_TRY(read_values(layer, entry.key, entry));
    for (const auto& [path, text] : layer.values) assign(settings, *find_setting(path), text);
    return {};
}

}  // namespace mullion::state
