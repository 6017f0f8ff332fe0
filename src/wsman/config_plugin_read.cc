// What a Put of a plugin, or of the descriptor of one resource, asks for.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "encoding/utf16.h"
#include "wsman/config_parts.h"
#include "wsman/config_plugin.h"

namespace mullion::wsman {

namespace {

constexpr std::size_t most_resources = 64;
constexpr std::size_t most_capabilities = 32;
constexpr std::size_t most_security = 1'000;
constexpr std::size_t longest_shown = 100;
constexpr std::string_view secret_attribute = "RunAsPassword";

// Those of the schema; ours have the first of them.
constexpr std::array<std::string_view, 12> attribute_names{
    "Name",           "Filename",           "SDKVersion",  "XmlRenderingType",      "Architecture",
    "Enabled",        "UseSharedProcess",   "AutoRestart", "ProcessIdleTimeoutSec", "RunAsUser",
    secret_attribute, "OutputBufferingMode"};

std::string shown(std::string_view text) {
    return encoding::shortened(std::string(text), longest_shown);
}

// Windows has one namespace for all of it; the URI of the resource is let pass, as for other resources.
bool is_ours(const xml::Element& element, std::string_view local, const ConfigResource& resource) {
    if (!same_ignoring_case(element.local(), local)) return false;
    const auto space = element.space();
    return space == plugin_space || same_ignoring_case(space, config_uri(resource)) ||
           same_ignoring_case(space, resource::config);
}

Error wrong_body(const xml::Element& body, const ConfigResource& resource) {
    if (body && same_ignoring_case(body.local(), resource.root))
        return bad_request(code::invalid_namespace,
                           fmt::format("{} is in the namespace \"{}\", not {}", body.local(),
                                       shown(body.space()), plugin_space));
    return bad_request(fmt::format("the body is {}, not {}",
                                   body ? shown(body.local()) : std::string("empty"), resource.root));
}

std::string attribute(const xml::Element& element, std::string_view name) {
    return element.attribute("", name).value_or("");
}

Result<bool> boolean(const xml::Element& element, std::string_view name) {
    const auto text = element.attribute("", name);
    if (!text) return false;
    const auto value = parse_boolean(*text);
    if (!value) return bad_request(fmt::format("{} is true or false", name));
    return *value;
}

Result<ResourceSecurity> read_security(const xml::Element& element) {
    ResourceSecurity out;
    out.uri = attribute(element, "Uri");
    out.sddl = attribute(element, "Sddl");
    if (out.sddl.empty()) return bad_request("Security needs Sddl");
    MULLION_ASSIGN(out.exact, boolean(element, "ExactMatch"));
    return out;
}

Error built_in(std::string_view what) {
    return bad_request(
        code::read_only_setting,
        fmt::format("{} is built into this service, and cannot be changed: of a plugin only the "
                    "Security of its resources can",
                    what));
}

const Plugin::Attribute* find(const Plugin& plugin, std::string_view name) {
    for (const auto& one : plugin.attributes)
        if (one.name == name) return &one;
    return nullptr;
}

// Reads one Put against what there is.
class PluginPut {
public:
    explicit PluginPut(const Plugin& current) : current_(current) {}

    Result<std::vector<ResourceSecurity>> read(const xml::Element& body) {
        if (!is_ours(body, "PlugInConfiguration", plugin_config_resource()))
            return wrong_body(body, plugin_config_resource());
        MULLION_TRY(attributes(body));
        bool resources = false;
        for (auto child = body.first(); child; child = child.next()) {
            if (same_ignoring_case(child.local(), "InitializationParameters")) {
                if (child.first()) return built_in("InitializationParameters");
            } else if (same_ignoring_case(child.local(), "Quotas")) {
                return bad_request(code::read_only_setting,
                                   "plugins of this service have no quotas of their own: those of shells are "
                                   "in winrm/config/winrs");
            } else if (same_ignoring_case(child.local(), "Resources")) {
                if (std::exchange(resources, true)) return bad_request("Resources is there twice");
                MULLION_TRY(all(child));
            } else {
                return bad_request(fmt::format("PlugInConfiguration has no {}", shown(child.local())));
            }
        }
        if (!resources) return unchanged();
        return std::move(wanted_);
    }

private:
    // One that is not said stays as it is.
    Result<void> attributes(const xml::Element& body) const {
        for (const auto name : attribute_names) {
            auto said = body.attribute("", name);
            if (!said) continue;
            const auto* now = find(current_, name);
            const bool boolean_value = now != nullptr && parse_boolean(now->value).has_value();
            const bool same = now == nullptr   ? said->empty()
                              : boolean_value  ? parse_boolean(*said) == parse_boolean(now->value)
                              : name == "Name" ? same_ignoring_case(*said, now->value)
                                               : *said == now->value;
            if (name == secret_attribute) wipe(*said);
            if (!same) return built_in(name);
        }
        return {};
    }

    std::vector<ResourceSecurity> unchanged() const {
        std::vector<ResourceSecurity> out;
        for (const auto& resource : current_.resources)
            out.insert(out.end(), resource.security.begin(), resource.security.end());
        return out;
    }

    Result<void> all(const xml::Element& list) {
        std::size_t count = 0;
        for (auto child = list.first(); child; child = child.next()) {
            if (++count > most_resources) return bad_request("these are too many resources");
            if (!same_ignoring_case(child.local(), "Resource"))
                return bad_request(fmt::format("Resources has no {}", shown(child.local())));
            MULLION_TRY(one(child));
        }
        if (seen_.size() != current_.resources.size()) return built_in("the list of resources");
        return {};
    }

    Result<void> one(const xml::Element& element) {
        const auto uri = attribute(element, "ResourceUri");
        const auto found =
            std::find_if(current_.resources.begin(), current_.resources.end(),
                         [&](const PluginResource& known) { return same_ignoring_case(known.uri, uri); });
        if (found == current_.resources.end()) return built_in("the list of resources");
        if (std::find(seen_.begin(), seen_.end(), &*found) != seen_.end())
            return bad_request(fmt::format("the resource {} is there twice", shown(uri)));
        seen_.push_back(&*found);
        MULLION_ASSIGN(const bool options, boolean(element, "SupportsOptions"));
        MULLION_ASSIGN(const bool exact, boolean(element, "ExactMatch"));
        if (options != found->options || exact != found->exact) return built_in("what a resource supports");
        std::vector<std::string> capabilities;
        for (auto child = element.first(); child; child = child.next()) {
            if (same_ignoring_case(child.local(), "Capability")) {
                if (capabilities.size() == most_capabilities) return built_in("Capability");
                capabilities.push_back(attribute(child, "Type"));
            } else if (same_ignoring_case(child.local(), "Security")) {
                MULLION_TRY(security(child, *found));
            } else {
                return bad_request(fmt::format("Resource has no {}", shown(child.local())));
            }
        }
        if (!std::is_permutation(capabilities.begin(), capabilities.end(), found->capabilities.begin(),
                                 found->capabilities.end()))
            return built_in("Capability");
        return {};
    }

    Result<void> security(const xml::Element& element, const PluginResource& resource) {
        MULLION_ASSIGN(auto entry, read_security(element));
        if (!is_below(entry.uri, resource.uri))
            return bad_request(fmt::format("the Security of {} is not of the resource {}, nor below it",
                                           shown(entry.uri), resource.uri));
        const bool twice = std::any_of(wanted_.begin(), wanted_.end(), [&](const ResourceSecurity& other) {
            return same_ignoring_case(other.uri, entry.uri);
        });
        if (twice) return bad_request(fmt::format("the Security of {} is there twice", shown(entry.uri)));
        if (wanted_.size() == most_security) return bad_request("these are too many descriptors");
        wanted_.push_back(std::move(entry));
        return {};
    }

    const Plugin& current_;
    std::vector<const PluginResource*> seen_;
    std::vector<ResourceSecurity> wanted_;
};

}  // namespace

bool is_below(std::string_view uri, std::string_view base) {
    if (uri.size() < base.size() || !same_ignoring_case(uri.substr(0, base.size()), base)) return false;
    return uri.size() == base.size() || uri[base.size()] == '/';
}

Result<ResourceSecurity> read_security_put(const Message& message, const ConfigTarget& target) {
    const auto& body = message.body;
    if (!is_ours(body, "Security", security_config_resource()))
        return wrong_body(body, security_config_resource());
    MULLION_ASSIGN(auto out, read_security(body));
    const auto& uri = target.keys.front().value;
    if (out.uri.empty()) out.uri = uri;
    if (!same_ignoring_case(out.uri, uri))
        return bad_request(code::invalid_selector_value, "Uri is not what the selector says");
    return out;
}

Result<std::vector<ResourceSecurity>> read_plugin_put(const Message& message, const Plugin& current) {
    return PluginPut(current).read(message.body);
}

}  // namespace mullion::wsman
