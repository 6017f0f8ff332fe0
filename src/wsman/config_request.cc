// What a service reads: which resource, which keys, and a body of known values. [MS-WSMV] 3.1.4.2 - 3.1.4.5
#include <algorithm>

#include <fmt/format.h>

#include "encoding/utf16.h"
#include "wsman/config_parts.h"

namespace mullion::wsman {

namespace {

constexpr std::size_t longest_shown = 100;
constexpr std::size_t longest_password = 255;

std::string shown(std::string_view name) {
    return encoding::shortened(std::string(name), longest_shown);
}

std::optional<ConfigVerb> verb_of(std::string_view action) {
    if (action == action::get) return ConfigVerb::get;
    if (action == action::put) return ConfigVerb::put;
    if (action == action::create) return ConfigVerb::create;
    if (action == action::remove) return ConfigVerb::remove;
    if (action == action::enumerate || action == action::pull || action == action::release)
        return ConfigVerb::enumerate;
    return std::nullopt;
}

// Reads one body; rows are found without regard to case, since users type the names into `winrm create`.
class BodyReader {
public:
    BodyReader(const ConfigTarget& target, bool creates) : target_(target), creates_(creates) {
        document_.resource = target.resource;
    }

    Result<ConfigDocument> read(const xml::Element& body) {
        if (!represents(body, *target_.resource)) return not_this(body);
        auto prefix = target_.resource->prefix;
        if (!prefix.empty()) prefix.remove_suffix(1);
        MULLION_TRY(section(body, prefix));
        MULLION_TRY(together());
        return std::move(document_);
    }

private:
    Error not_this(const xml::Element& body) const {
        if (body && same_ignoring_case(body.local(), target_.resource->root))
            return bad_request(code::invalid_namespace,
                               fmt::format("{} is in the namespace \"{}\", not {}", body.local(),
                                           shown(body.space()), config_uri(*target_.resource)));
        return bad_request(fmt::format("the body is {}, not {}",
                                       body ? shown(body.local()) : std::string("empty"),
                                       target_.resource->root));
    }

    // Sections nest as deep as the table and no deeper.
    Result<void> section(const xml::Element& parent, std::string_view path) {
        std::vector<std::string_view> sections;
        for (auto child = parent.first(); child; child = child.next()) {
            if (find_config_resource(child.space()) == nullptr)
                return bad_request(
                    code::invalid_namespace,
                    fmt::format("{} is in the namespace \"{}\"", shown(child.local()), shown(child.space())));
            if (const auto* row = row_of(child.local(), path)) {
                MULLION_TRY(leaf(child, *row));
                continue;
            }
            const auto name = section_of(child.local(), path);
            if (name.empty())
                return bad_request(fmt::format("{} has no {}", path.empty() ? target_.resource->root : path,
                                               shown(child.local())));
            if (std::find(sections.begin(), sections.end(), name) != sections.end())
                return bad_request(fmt::format("{} is there twice", name));
            sections.push_back(name);
            MULLION_TRY(section(child, name));
        }
        return {};
    }

    // The rest of a row's path below a section; empty when it is not below.
    static std::string_view below(std::string_view path, std::string_view section) {
        if (section.empty()) return path;
        if (!path.starts_with(section) || path.size() <= section.size() || path[section.size()] != '/')
            return {};
        return path.substr(section.size() + 1);
    }

    const ConfigRow* row_of(std::string_view local, std::string_view path) const {
        for (const auto& row : target_.resource->rows)
            if (same_ignoring_case(below(row.path, path), local)) return &row;
        return nullptr;
    }

    // As the table spells it.
    std::string_view section_of(std::string_view local, std::string_view path) const {
        for (const auto& row : target_.resource->rows) {
            const auto rest = below(row.path, path);
            const auto slash = rest.find('/');
            if (slash != std::string_view::npos && same_ignoring_case(rest.substr(0, slash), local))
                return row.path.substr(0, row.path.size() - rest.size() + slash);
        }
        return {};
    }

    Result<void> leaf(const xml::Element& element, const ConfigRow& row) {
        if (element.first()) return bad_request(fmt::format("{} has elements inside", row.path));
        if (row.access == ConfigAccess::secret) return secret(element, row);
        if (row.access != ConfigAccess::computed && document_.find(row.path) != nullptr)
            return bad_request(fmt::format("{} is there twice", row.path));
        // The service finds it out: it is compared, not understood.
        if (row.access == ConfigAccess::computed) {
            if (creates_) return bad_request(fmt::format("{} cannot be chosen", row.path));
            document_.values.push_back({std::string(row.path), element.trimmed(), {}, false});
            return {};
        }
        MULLION_ASSIGN(auto text, config_text(row, is_nil(element) ? std::string() : element.trimmed()));
        if (creates_ && row.access == ConfigAccess::key) return same_key(row, text);
        document_.values.push_back({std::string(row.path), std::move(text), {}, false});
        return {};
    }

    // Keys are the selectors; whoever says them again must say the same.
    Result<void> same_key(const ConfigRow& row, std::string_view text) const {
        for (const auto& key : target_.keys)
            if (key.name == row.path && same_ignoring_case(key.value, text)) return {};
        return bad_request(code::invalid_selector_value,
                           fmt::format("{} is not what the selector says", row.path));
    }

    // Empty in a Put: `winrm set` sends back what Get showed.
    Result<void> secret(const xml::Element& element, const ConfigRow& row) {
        if (document_.password || secret_seen_)
            return bad_request(fmt::format("{} is there twice", row.path));
        secret_seen_ = true;
        auto text = element.text();
        const auto size = text.size();
        if (size != 0 && size <= longest_password) document_.password = Secret(text);
        wipe(text);
        if (size > longest_password)
            return bad_request(code::mapping_password_long, "the password is too long");
        if (size == 0 && creates_) return bad_request(code::mapping_password_blank, "the password is empty");
        return {};
    }

    // What rows cannot say by themselves.
    Result<void> together() const {
        const auto* thumbprint = document_.find("CertificateThumbprint");
        const bool http = std::any_of(target_.keys.begin(), target_.keys.end(), [](const Selector& key) {
            return key.name == "Transport" && key.value == "HTTP";
        });
        if (http && thumbprint != nullptr && !thumbprint->text.empty())
            return bad_request(code::thumbprint_not_empty,
                               "CertificateThumbprint must be empty for a listener of HTTP");
        return {};
    }

    const ConfigTarget& target_;
    ConfigDocument document_;
    bool creates_;
    bool secret_seen_ = false;
};

}  // namespace

const ConfigValue* ConfigDocument::find(std::string_view path) const {
    for (const auto& value : values)
        if (value.path == path) return &value;
    return nullptr;
}

bool represents(const xml::Element& element, const ConfigResource& resource) {
    const auto* space = find_config_resource(element.space());
    const bool known = space == &resource || (space != nullptr && space->path.empty());
    return known && same_ignoring_case(element.local(), resource.root);
}

bool is_nil(const xml::Element& element) {
    return parse_boolean(element.attribute(xsi_namespace, "nil").value_or("")).value_or(false);
}

Result<std::vector<Selector>> ordered_keys(const ConfigResource& resource,
                                           const std::vector<Selector>& selectors) {
    for (const auto& selector : selectors) {
        const bool known = std::any_of(resource.keys.begin(), resource.keys.end(),
                                       [&](auto name) { return same_ignoring_case(name, selector.name); });
        if (!known)
            return bad_request(code::unexpected_selectors,
                               fmt::format("there is no selector {}", shown(selector.name)));
    }
    std::vector<Selector> keys;
    for (const auto name : resource.keys) {
        const auto found = std::find_if(selectors.begin(), selectors.end(), [&](const Selector& selector) {
            return same_ignoring_case(name, selector.name);
        });
        if (found == selectors.end())
            return bad_request(code::insufficient_selectors, fmt::format("the selector {} is missing", name));
        // A value of the wrong form names nothing that there is: only Create asks what is wrong with it.
        const auto text = config_text(*find_config_row(resource, name), found->value);
        keys.push_back({std::string(name), text ? text.value() : found->value});
    }
    return keys;
}

Result<ConfigTarget> read_config_target(const Message& message) {
    const auto& header = message.header;
    ConfigTarget target;
    target.resource = find_config_resource(header.resource_uri);
    if (target.resource == nullptr) target.resource = find_plugin_config_resource(header.resource_uri);
    if (target.resource == nullptr) {
        const auto custom_shell = std::string(resource::config) + "/winrs/customremoteshell";
        if (same_ignoring_case(header.resource_uri, custom_shell))
            return bad_request(code::custom_shell_deprecated, "custom remote shells are deprecated");
        return bad_request(code::resource_not_found, "there is no resource " + shown(header.resource_uri));
    }
    const auto verb = verb_of(header.action);
    if (!verb || !target.resource->allows(*verb))
        return bad_request(code::action_not_supported,
                           fmt::format("{} has no {}", header.resource_uri, shown(header.action)));
    if (*verb == ConfigVerb::enumerate) {
        if (!header.selectors.empty())
            return bad_request(code::unexpected_selectors, "an Enumerate has no selectors");
        return target;
    }
    MULLION_ASSIGN(target.keys, ordered_keys(*target.resource, header.selectors));
    if (*verb == ConfigVerb::create)
        for (const auto& key : target.keys)
            MULLION_TRY(config_text(*find_config_row(*target.resource, key.name), key.value));
    return target;
}

Result<ConfigDocument> read_config_body(const Message& message, const ConfigTarget& target) {
    return BodyReader(target, message.header.action == action::create).read(message.body);
}

}  // namespace mullion::wsman
