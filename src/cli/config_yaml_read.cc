#include <fmt/format.h>

#include <algorithm>

#include "cli/config_yaml.h"
#include "core/nearest.h"
#include "http/message.h"
#include "yaml/yaml.h"

namespace mullion::cli {
namespace {

using client::ConfigAssignment;
using http::same_without_case;
using wsman::ConfigResource;

constexpr std::size_t most_instances = 10'000;

class Reader {
public:
    explicit Reader(const std::string& file) : file_(file) {}

    Result<std::vector<ConfigAssignment>> read(const yaml::Node& root) {
        if (root.is_null()) return std::move(found_);
        if (root.kind != yaml::Node::Kind::map) return at(root.line, "settings are wanted: NAME: VALUE");
        for (const auto& entry : root.map) {
            if (const auto* resource = list_of(entry.key))
                MULLION_TRY(instances(*resource, entry));
            else
                MULLION_TRY(settings(entry.key, entry));
        }
        return std::move(found_);
    }

private:
    Error at(unsigned line, std::string_view what) const {
        return {ErrorId::config_invalid, fmt::format("{}:{}: {}", file_, line, what)};
    }

    static const ConfigResource* list_of(std::string_view key) {
        for (const auto& resource : wsman::config_resources())
            if (!resource.keys.empty() && same_without_case(resource.root, key)) return &resource;
        return nullptr;
    }

    Result<void> settings(const std::string& path, const yaml::Node::Entry& entry) {
        // Keys of a listener or a value in a name are for the command line.
        if (path.find_first_of("?=*:\\") != std::string::npos)
            return at(entry.line, fmt::format("{} is no name of a setting", path));
        auto parsed = client::parse_config_path(path);
        if (!parsed.ok()) return at(entry.line, parsed.error().detail);
        if (parsed->instances) return at(entry.line, fmt::format("{} is a list of its own", path));
        if (!parsed->path.empty()) return value({std::move(parsed).value(), {}}, entry);
        if (entry.value.is_null()) return {};  // "Service:" with everything below it commented out.
        if (entry.value.kind != yaml::Node::Kind::map)
            return at(entry.line, fmt::format("{} holds settings, not a value", path));
        for (const auto& below : entry.value.map)
            MULLION_TRY(settings(fmt::format("{}/{}", path, below.key), below));
        return {};
    }

    Result<void> value(ConfigAssignment one, const yaml::Node::Entry& entry) {
        if (entry.value.kind != yaml::Node::Kind::scalar)
            return at(entry.line, fmt::format("{} takes one value", entry.key));
        one.value = entry.value.is_null() ? std::string() : entry.value.scalar;
        auto checked = client::check_assignment(one);
        if (!checked.ok()) return at(entry.line, checked.error().detail);
        found_.push_back(std::move(one));
        return {};
    }

    Result<void> instances(const ConfigResource& resource, const yaml::Node::Entry& entry) {
        if (entry.value.is_null()) return {};
        if (entry.value.kind != yaml::Node::Kind::list)
            return at(entry.line, fmt::format("{} is a list", resource.root));
        if (entry.value.list.size() > most_instances)
            return at(entry.line, fmt::format("{} has over {} items", resource.root, most_instances));
        for (const auto& node : entry.value.list) MULLION_TRY(instance(resource, node));
        return {};
    }

    // The keys first: settings are said of what has them.
    Result<void> instance(const ConfigResource& resource, const yaml::Node& node) {
        if (node.kind != yaml::Node::Kind::map)
            return at(node.line,
                      fmt::format("a {} is a map with {}", resource.root, fmt::join(resource.keys, ", ")));
        ConfigAssignment bare;
        bare.path.resource = &resource;
        bare.path.instances = true;
        for (const auto name : resource.keys) {
            const auto entry = std::find_if(node.map.begin(), node.map.end(), [&](const auto& one) {
                return same_without_case(one.key, name);
            });
            // As in winrm.yaml: every address, every resource.
            std::string text = name == "Address" || name == "URI" ? "*" : "";
            if (entry != node.map.end()) text = entry->value.scalar;
            auto spelt = wsman::config_text(*find_config_row(resource, name), text);
            if (!spelt.ok())
                return at(entry == node.map.end() ? node.line : entry->line, spelt.error().detail);
            bare.path.keys.push_back({std::string(name), std::move(spelt).value()});
        }
        found_.push_back(bare);
        for (const auto& entry : node.map) MULLION_TRY(setting_of(resource, bare, entry));
        return {};
    }

    Result<void> setting_of(const ConfigResource& resource, ConfigAssignment one,
                            const yaml::Node::Entry& entry) {
        std::vector<std::string_view> names;
        for (const auto& row : resource.rows) {
            names.push_back(row.path);
            if (!same_without_case(row.path, entry.key)) continue;
            if (row.access == wsman::ConfigAccess::key) return {};
            one.path.path = row.path;
            return value(std::move(one), entry);
        }
        const auto near = nearest(entry.key, names);
        const bool own = same_without_case(entry.key, "ClientCertNegotiation");
        return at(entry.line,
                  fmt::format("{} is not a setting of a {}{}{}", entry.key, resource.root,
                              near.empty() ? "" : fmt::format("; did you mean {}?", near),
                              own ? " over the wire: it belongs into the service's own winrm.yaml" : ""));
    }

    const std::string& file_;
    std::vector<ConfigAssignment> found_;
};

}  // namespace

Result<std::vector<ConfigAssignment>> read_config_yaml(std::string_view text, const std::string& file) {
    yaml::Options options;
    options.file = file;
    MULLION_ASSIGN(const auto root, yaml::read(text, options));
    return Reader(file).read(root);
}

}  // namespace mullion::cli
