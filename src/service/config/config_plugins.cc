// winrm/config/plugin, .../service/security and .../resource. [MS-WSMV] 3.1.4.2, 3.1.4.3, 3.1.4.8
#include "service/config/config_faults.h"
#include "service/config/config_resources.h"
#include "service/config/plugins.h"
#include "service/config/security_edits.h"

namespace mullion::service {
namespace {

// Those that are here, for who misspelt one.
Error plugin_missing(const std::string& name) {
    std::string there;
    for (const auto& plugin : plugins()) there += (there.empty() ? "" : ", ") + std::string(plugin.name);
    return refused(wsman::code::resource_not_found,
                   "there is no PlugInConfiguration Name=" + name.substr(0, 256) + "; there are " + there);
}

Error resource_missing(const std::string& uri) {
    return refused(wsman::code::resource_not_found, "there is no resource " + uri.substr(0, 256) + " here");
}

}  // namespace

ResourceHandler::Answer ConfigResources::get_plugin(const Call& call, const wsman::ConfigTarget& target) {
    const auto& name = target.keys.front().value;
    const auto* plugin = find_plugin(name);
    if (plugin == nullptr) co_return fault_of(plugin_missing(name));
    co_return wsman::write_plugin_answer(wsman::action::get, call.answer_id, call.message.header.message_id,
                                         document_of(*parts_.keeper.tree(), *plugin));
}

// What the plugin is was compiled in; who may use its resources is in the file.
ResourceHandler::Answer ConfigResources::put_plugin(const Call& call, const wsman::ConfigTarget& target) {
    const auto& name = target.keys.front().value;
    const auto* plugin = find_plugin(name);
    if (plugin == nullptr) co_return fault_of(plugin_missing(name));
    Edit edit = [&call, plugin](const state::ConfigTree& tree) -> Result<state::ConfigLayer> {
        MULLION_ASSIGN(const auto asked, wsman::read_plugin_put(call.message, document_of(tree, *plugin)));
        return service::put_plugin(tree, *plugin, asked);
    };
    auto changing = change(call, std::move(edit));
    const auto tree = co_await std::move(changing);
    if (!tree.ok()) co_return fault_of(tree.error());
    co_return wsman::write_plugin_answer(wsman::action::put, call.answer_id, call.message.header.message_id,
                                         document_of(**tree, *plugin));
}

ResourceHandler::Answer ConfigResources::get_security(const Call& call, const wsman::ConfigTarget& target) {
    const auto& uri = target.keys.front().value;
    const auto found = security_of(*parts_.keeper.tree(), uri);
    if (!found) co_return fault_of(resource_missing(uri));
    co_return wsman::write_security_answer(wsman::action::get, call.answer_id, call.message.header.message_id,
                                           *found);
}

// Answered with the whole plugin that the resource is of. [MS-WSMV] 3.1.4.3
ResourceHandler::Answer ConfigResources::put_security(const Call& call, const wsman::ConfigTarget& target) {
    const auto asked = wsman::read_security_put(call.message, target);
    if (!asked.ok()) co_return fault_of(asked.error());
    Edit edit = [&asked](const state::ConfigTree& tree) { return service::put_security(tree, *asked); };
    auto changing = change(call, std::move(edit));
    const auto tree = co_await std::move(changing);
    if (!tree.ok()) co_return fault_of(tree.error());
    co_return wsman::write_plugin_answer(wsman::action::put, call.answer_id, call.message.header.message_id,
                                         document_of(**tree, *plugin_of(asked->uri)));
}

std::deque<std::string> ConfigResources::plugin_items(const state::ConfigTree& tree, std::string_view mode,
                                                      const std::string& to) {
    std::deque<std::string> out;
    for (const auto& one : plugins()) {
        const auto plugin = document_of(tree, one);
        if (mode == enumeration_mode::epr)
            out.push_back(wsman::config_reference_item(wsman::plugin_target(plugin), to));
        else if (mode == enumeration_mode::object_and_epr)
            out.push_back(wsman::plugin_item_with_reference(plugin, to));
        else
            out.push_back(wsman::plugin_item(plugin));
    }
    return out;
}

std::deque<std::string> ConfigResources::usable_items(const Call& call) const {
    std::deque<std::string> out;
    if (call.token == nullptr) return out;
    for (const auto& uri : usable_resources(*parts_.keeper.tree(), *call.token))
        out.push_back(wsman::usable_resource_item(uri));
    return out;
}

}  // namespace mullion::service
