// What a client reads. Other versions have settings that we do not know: they are kept, in their order.
#include "wsman/config_parts.h"

namespace mullion::wsman {

namespace {

// Bounds what a hostile answer can make us keep: each value repeats the path of its sections.
constexpr std::size_t longest_name = 128;
constexpr std::size_t deepest = 4;
constexpr std::size_t most_values = 4096;

Result<void> read_values(const xml::Element& section, const std::string& path, std::size_t depth,
                         ConfigDocument& document) {
    if (depth > deepest) return malformed("the configuration nests deeper than any that we know");
    for (auto child = section.first(); child; child = child.next()) {
        if (child.space() != section.space()) continue;  // An extension.
        if (child.local().size() > longest_name) return malformed("a setting has too long a name");
        const auto name = path + std::string(child.local());
        const bool is_section = child.first() || is_config_section(*document.resource, name);
        if (is_section) {
            MULLION_TRY(read_values(child, name + "/", depth + 1, document));
            continue;
        }
        if (document.values.size() == most_values) return malformed("the configuration has too many values");
        const auto* row = find_config_row(*document.resource, name);
        const bool secret = row != nullptr && row->access == ConfigAccess::secret;
        document.values.push_back({name, secret ? std::string() : child.trimmed(),
                                   child.attribute("", "Source").value_or(""), is_nil(child)});
    }
    return {};
}

Result<ConfigDocument> read_document(const xml::Element& root, const ConfigResource& resource) {
    if (!represents(root, resource))
        return malformed("the answer is " + std::string(root ? root.local() : "empty") + ", not " +
                         std::string(resource.root));
    ConfigDocument document;
    document.resource = &resource;
    document.source = root.attribute("", "Source").value_or("");
    document.language = root.attribute(ns::xml, "lang").value_or("");
    MULLION_TRY(read_values(root, std::string(resource.prefix), 1, document));
    return document;
}

}  // namespace

Result<ConfigDocument> read_config_answer(const Message& message, std::string_view request_action,
                                          const ConfigResource& resource) {
    MULLION_TRY(check_response(message, request_action));
    return read_document(message.body, resource);
}

Result<ConfigTarget> read_config_created(const Message& message) {
    MULLION_ASSIGN(const auto body, response_body(message, action::create, ns::transfer, "ResourceCreated"));
    const auto reference = body.first(ns::addressing, "ReferenceParameters");
    ConfigTarget target;
    target.resource = find_config_resource(reference.first(ns::wsman, "ResourceURI").trimmed());
    if (target.resource == nullptr) return malformed("the answer to Create names no resource that we know");
    std::vector<Selector> selectors;
    for (const auto& selector : reference.first(ns::wsman, "SelectorSet").children(ns::wsman, "Selector"))
        selectors.push_back({selector.attribute("", "Name").value_or(""), selector.trimmed()});
    auto keys = ordered_keys(*target.resource, selectors);
    if (!keys) return malformed("the answer to Create: " + keys.error().detail);
    target.keys = std::move(keys).value();
    return target;
}

Result<ConfigDocument> read_config_item(std::string_view xml, const ConfigResource& resource) {
    MULLION_ASSIGN(const auto document, xml::Document::parse(xml, wire_limits(xml.size())));
    return read_document(document.root(), resource);
}

}  // namespace mullion::wsman
