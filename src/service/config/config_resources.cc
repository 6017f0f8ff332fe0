#include "service/config/config_resources.h"

#include <algorithm>
#include <utility>

#include "http/message.h"
#include "service/config/config_faults.h"
#include "service/requests/enumerating.h"
#include "service/requests/visit.h"

namespace mullion::service {
namespace {

using namespace enumeration_mode;

bool below_config(std::string_view uri) {
    const auto base = wsman::resource::config;
    return http::same_without_case(uri.substr(0, base.size()), base) &&
           (uri.size() == base.size() || uri[base.size()] == '/');
}

bool is_mapping(const wsman::ConfigTarget& target) {
    return target.resource == &mapping_resource();
}

bool is_listener(const wsman::ConfigTarget& target) {
    return target.resource == &listener_resource();
}

}  // namespace

ConfigResources::ConfigResources(Parts parts) : parts_(std::move(parts)) {}

std::optional<ResourceHandler::Traits> ConfigResources::serves(const wsman::Header& header) const {
    if (!below_config(header.resource_uri)) return std::nullopt;
    return Traits{};
}

ResourceHandler::Answer ConfigResources::answer(const Call& call) {
    const auto& header = call.message.header;
    if (const auto action = action_of(header)) {
        const auto place = parts_.operations.begin(call.visit);
        if (!place.ok()) co_return place.fault();
        co_return co_await (this->*action)(call);
    }
    const auto target = wsman::read_config_target(call.message);
    if (!target.ok()) co_return fault_of(target.error());
    if (header.action == wsman::action::pull) co_return co_await answer_pull(parts_.operations, call);
    if (header.action == wsman::action::release) co_return answer_release(parts_.operations, call);
    if (header.action == wsman::action::enumerate) co_return co_await enumerate(call, *target);
    // Counts as long as it takes. [MS-WSMV] 3.1.4.11
    const auto place = parts_.operations.begin(call.visit);
    if (!place.ok()) co_return place.fault();
    if (const auto verb = verb_of(call, *target)) co_return co_await (this->*verb)(call, *target);
    co_return wsman::make_fault(wsman::code::action_not_supported);
}

ConfigResources::Verb ConfigResources::verb_of(const Call& call, const wsman::ConfigTarget& target) {
    struct Row {
        const wsman::ConfigResource* resource;  // Null: any of those that hold values.
        std::string_view action;
        Verb verb;
    };
    namespace a = wsman::action;
    using C = ConfigResources;
    const auto* const plugin = &wsman::plugin_config_resource();
    const auto* const security = &wsman::security_config_resource();
    const std::array rows{
        Row{plugin, a::get, &C::get_plugin},     Row{plugin, a::put, &C::put_plugin},
        Row{security, a::get, &C::get_security}, Row{security, a::put, &C::put_security},
        Row{nullptr, a::get, &C::get},           Row{nullptr, a::put, &C::put},
        Row{nullptr, a::create, &C::create},     Row{nullptr, a::remove, &C::remove},
    };
    for (const Row& row : rows)
        if (row.action == call.message.header.action &&
            (row.resource == nullptr || row.resource == target.resource))
            return row.verb;
    return nullptr;
}

Result<wsman::ConfigDocument> ConfigResources::document(const state::ConfigTree& tree,
                                                        const wsman::ConfigTarget& target) const {
    if (is_listener(target)) {
        const auto all = tree.listeners();
        const auto* found = find(all, target);
        if (found == nullptr) return instance_missing(target);
        return document_of(*found, parts_.keeper.facts(found->settings, tree.config().settings));
    }
    if (is_mapping(target)) {
        const auto* found = find(tree.file.mappings, target);
        if (found == nullptr) return instance_missing(target);
        return document_of(*found);
    }
    return document_of(tree, *target.resource);
}

ResourceHandler::Answer ConfigResources::get(const Call& call, const wsman::ConfigTarget& target) {
    const auto found = document(*parts_.keeper.tree(), target);
    if (!found.ok()) co_return fault_of(found.error());
    co_return wsman::write_config_answer(wsman::action::get, call.answer_id, call.message.header.message_id,
                                         *found);
}

net::Task<Result<ConfigKeeper::Tree>> ConfigResources::change(const Call& call, Edit edit) {
    auto changing = parts_.keeper.change({call.visit.user, call.visit.client_ip}, std::move(edit));
    co_return co_await visit(parts_.keeper.executor(), std::move(changing));
}

ConfigResources::Edit ConfigResources::put_edit(const wsman::ConfigTarget& target,
                                                const wsman::ConfigDocument& asked) const {
    if (is_mapping(target))
        return [&](const state::ConfigTree& tree) { return put_mapping(tree, target, asked); };
    if (!is_listener(target)) return [&](const state::ConfigTree& tree) { return put_values(tree, asked); };
    return [&](const state::ConfigTree& tree) {
        const auto all = tree.listeners();
        const auto* found = find(all, target);
        const auto facts =
            found == nullptr ? ListenerFacts{} : parts_.keeper.facts(found->settings, tree.config().settings);
        return put_listener(tree, target, asked, facts, parts_.places);
    };
}

ResourceHandler::Answer ConfigResources::put(const Call& call, const wsman::ConfigTarget& target) {
    const auto asked = wsman::read_config_body(call.message, target);
    if (!asked.ok()) co_return fault_of(asked.error());
    auto edit = put_edit(target, *asked);
    Proven proven;
    if (is_mapping(target)) {
        auto checking = check_mapping_put(call, target, *asked);
        auto checked = co_await std::move(checking);
        if (!checked.ok()) co_return fault_of(checked.error());
        proven = std::move(*checked);
        edit = only_if_still(std::move(edit), target, *asked, proven);
    }
    auto changing = change(call, std::move(edit));
    const auto tree = co_await std::move(changing);
    if (!tree.ok()) co_return fault_of(tree.error());
    const auto now = document(**tree, target);
    if (!now.ok()) co_return fault_of(now.error());
    co_return wsman::write_config_answer(wsman::action::put, call.answer_id, call.message.header.message_id,
                                         *now);
}

ResourceHandler::Answer ConfigResources::create(const Call& call, const wsman::ConfigTarget& target) {
    const auto asked = wsman::read_config_body(call.message, target);
    if (!asked.ok()) co_return fault_of(asked.error());
    Edit edit = [&](const state::ConfigTree& tree) {
        return is_mapping(target) ? create_mapping(tree, target, *asked, parts_.places)
                                  : create_listener(tree, target, *asked, parts_.places);
    };
    Proven proven;
    if (is_mapping(target)) {
        auto checking = check_credentials(call, user_of(*asked), asked->password);
        auto checked = co_await std::move(checking);
        if (!checked.ok()) co_return fault_of(checked.error());
        proven = std::move(*checked);
        edit = only_if_still(std::move(edit), target, *asked, proven);
    }
    auto changing = change(call, std::move(edit));
    const auto tree = co_await std::move(changing);
    if (!tree.ok()) co_return fault_of(tree.error());
    co_return wsman::write_config_created(call.answer_id, call.message.header.message_id, target);
}

ResourceHandler::Answer ConfigResources::remove(const Call& call, const wsman::ConfigTarget& target) {
    Edit edit = [&](const state::ConfigTree& tree) {
        return is_mapping(target) ? delete_mapping(tree, target) : delete_listener(tree, target);
    };
    auto changing = change(call, std::move(edit));
    const auto tree = co_await std::move(changing);
    if (!tree.ok()) co_return fault_of(tree.error());
    co_return wsman::write_delete_response(call.answer_id, call.message.header.message_id);
}

std::deque<std::string> ConfigResources::items(const wsman::ConfigTarget& target, const std::string& mode,
                                               const std::string& to) const {
    std::deque<std::string> out;
    const auto add = [&](const wsman::ConfigDocument& document, const wsman::ConfigTarget& one) {
        if (mode == epr)
            out.push_back(wsman::config_reference_item(one, to));
        else if (mode == object_and_epr)
            out.push_back(wsman::config_item_with_reference(document, one, to));
        else
            out.push_back(wsman::config_item(document));
    };
    const auto tree = parts_.keeper.tree();
    if (target.resource == &wsman::plugin_config_resource()) return plugin_items(*tree, mode, to);
    if (is_mapping(target)) {
        for (const auto& one : tree->file.mappings) add(document_of(one), target_of(one));
        return out;
    }
    const auto settings = tree->config().settings;
    for (const auto& one : tree->listeners())
        add(document_of(one, parts_.keeper.facts(one.settings, settings)), target_of(one.settings));
    return out;
}

// It counts when it is left open: answer_enumerate() looks.
ResourceHandler::Answer ConfigResources::enumerate(const Call& call, const wsman::ConfigTarget& target) {
    auto what = wsman::read_enumerate(call.message);
    if (!what.ok()) co_return fault_of(what.error());
    if (what->has_filter) co_return wsman::make_fault(wsman::code::filtering_not_supported);
    if (!what->mode.empty() && what->mode != epr && what->mode != object_and_epr)
        co_return wsman::make_fault(wsman::code::unsupported_feature);
    const bool usable = target.resource == &wsman::usable_config_resource();
    // Each stands for itself: there is nothing that a reference would lead to.
    if (usable && !what->mode.empty()) co_return wsman::make_fault(wsman::code::unsupported_feature);
    std::deque<std::string> found;
    if (usable)
        found = usable_items(call);
    else
        found = items(target, what->mode, call.message.header.to);
    auto answering = answer_enumerate(parts_.operations, call, std::move(*what), std::move(found));
    co_return co_await std::move(answering);
}

}  // namespace mullion::service
