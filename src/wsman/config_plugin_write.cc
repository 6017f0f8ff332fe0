// Plugins and descriptors as XML, and the messages around them.
#include "wsman/config_parts.h"
#include "wsman/config_plugin.h"

namespace mullion::wsman {

namespace {

constexpr std::string_view language = "en-US";

std::string_view text(bool value) {
    return value ? "true" : "false";
}

void write_values(xml::Writer& out, const ResourceSecurity& security) {
    out.attribute("Uri", security.uri).attribute("Sddl", security.sddl);
    out.attribute("ExactMatch", text(security.exact));
    if (!security.source.empty()) out.attribute("Source", security.source);
}

void write_resource(xml::Writer& out, const PluginResource& resource) {
    out.open("cfg:Resource").attribute("ResourceUri", resource.uri);
    out.attribute("SupportsOptions", text(resource.options)).attribute("ExactMatch", text(resource.exact));
    for (const auto& security : resource.security) {
        out.open("cfg:Security");
        write_values(out, security);
        out.close();
    }
    for (const auto& type : resource.capabilities) out.open("cfg:Capability").attribute("Type", type).close();
    out.close();
}

void write_plugin(xml::Writer& out, const Plugin& plugin) {
    out.open("cfg:PlugInConfiguration").declare("cfg", plugin_space).attribute("xml:lang", language);
    for (const auto& [name, value] : plugin.attributes) out.attribute(name, value);
    out.open("cfg:InitializationParameters").close();
    out.open("cfg:Resources");
    for (const auto& resource : plugin.resources) write_resource(out, resource);
    out.close().close();
}

std::string answer_to(std::string_view request_action) {
    return std::string(request_action).append(action::response_suffix);
}

}  // namespace

std::string write_plugin_answer(std::string_view request_action, std::string_view message_id,
                                std::string_view relates_to, const Plugin& plugin) {
    return write_response(answer_to(request_action), message_id, relates_to,
                          [&](xml::Writer& out) { write_plugin(out, plugin); });
}

std::string write_security_answer(std::string_view request_action, std::string_view message_id,
                                  std::string_view relates_to, const ResourceSecurity& security) {
    return write_response(answer_to(request_action), message_id, relates_to, [&](xml::Writer& out) {
        out.open("cfg:Security").declare("cfg", plugin_space).attribute("xml:lang", language);
        write_values(out, security);
        out.close();
    });
}

std::string plugin_item(const Plugin& plugin) {
    xml::Writer out;
    write_plugin(out, plugin);
    return out.take();
}

std::string plugin_item_with_reference(const Plugin& plugin, std::string_view to) {
    xml::Writer out;
    out.open("w:Item").declare("w", ns::wsman);
    write_plugin(out, plugin);
    out.raw(config_reference_item(plugin_target(plugin), to));
    out.close();
    return out.take();
}

ConfigTarget plugin_target(const Plugin& plugin) {
    return {&plugin_config_resource(), {{"Name", plugin.attributes.front().value}}};
}

std::string usable_resource_item(std::string_view uri) {
    xml::Writer out;
    out.open("cfg:Resource").declare("cfg", config_uri(usable_config_resource()));
    out.attribute("xml:lang", language);
    out.element("cfg:ResourceUri", uri);
    out.close();
    return out.take();
}

}  // namespace mullion::wsman
