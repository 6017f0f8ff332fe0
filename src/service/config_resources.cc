#include "service/config_resources.h"

#include <algorithm>
#include <utility>

#include "http/message.h"
#include "service/linux_users.h"
#include "service/visit.h"
#include "wsman/fault.h"

namespace mullion::service {
namespace {

constexpr std::string_view restore_action = "http://schemas.microsoft.com/wbem/wsman/1/config/restore";
constexpr std::string_view epr = "EnumerateEPR";
constexpr std::string_view object_and_epr = "EnumerateObjectAndEPR";

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

Error refused(std::uint32_t code, std::string what) {
    Error error{ErrorId::config_invalid, std::move(what)};
    error.wsman_code = code;
    return error;
}

// A file that somebody broke by hand, a port that is taken, a disk that is full: what an operator needs to
// know is in the text.
wsman::Fault fault_of(Error error) {
    if (error.id == ErrorId::config_invalid && !error.wsman_code)
        error.wsman_code = wsman::code::config_corrupted;
    if (error.id != ErrorId::config_invalid && error.id != ErrorId::wsman_malformed) {
        error.detail = error.message();
        for (const auto& advice : error.advice) error.detail += " " + advice;
    }
    return wsman::config_fault(error);
}

Enumerations::Batching batching(const Visit& visit, std::optional<std::uint32_t> asked) {
    return {std::min(asked.value_or(1), visit.settings->max_batch_items), visit.room};
}

}  // namespace

ConfigResources::ConfigResources(Parts parts)
    : parts_(std::move(parts)), enumerations_(parts_.random, parts_.clock) {}

std::optional<ResourceHandler::Traits> ConfigResources::serves(const wsman::Header& header) const {
    if (!below_config(header.resource_uri)) return std::nullopt;
    return Traits{};
}

ResourceHandler::Answer ConfigResources::answer(const Call& call) {
    const auto& header = call.message.header;
    if (http::same_without_case(header.action, restore_action)) co_return co_await restore(call);
    const auto target = wsman::read_config_target(call.message);
    if (!target.ok()) co_return fault_of(target.error());
    struct Row {
        std::string_view action;
        Verb verb;
    };
    namespace a = wsman::action;
    using C = ConfigResources;
    static constexpr std::array rows{
        Row{a::get, &C::get},
        Row{a::put, &C::put},
        Row{a::create, &C::create},
        Row{a::remove, &C::remove},
        Row{a::pull, &C::pull},
        Row{a::release, &C::release},
        Row{a::enumerate, &C::enumerate},
    };
    for (const Row& row : rows)
        if (row.action == header.action) co_return co_await (this->*row.verb)(call, *target);
    co_return wsman::make_fault(wsman::code::action_not_supported);
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
    if (is_mapping(target)) {
        auto checking = check_mapping_put(call, target, *asked);
        const auto checked = co_await std::move(checking);
        if (!checked.ok()) co_return fault_of(checked.error());
    }
    auto changing = change(call, put_edit(target, *asked));
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
    if (is_mapping(target)) {
        const auto* user = asked->find("UserName");
        auto checking =
            check_credentials(call, user == nullptr ? std::string() : user->text, asked->password);
        const auto checked = co_await std::move(checking);
        if (!checked.ok()) co_return fault_of(checked.error());
    }
    Edit edit = [&](const state::ConfigTree& tree) {
        return is_mapping(target) ? create_mapping(tree, target, *asked, parts_.places)
                                  : create_listener(tree, target, *asked, parts_.places);
    };
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

// `winrm invoke restore winrm/config @{}`
ResourceHandler::Answer ConfigResources::restore(const Call& call) {
    const auto* resource = wsman::find_config_resource(call.message.header.resource_uri);
    if (resource == nullptr || !resource->path.empty())
        co_return wsman::make_fault(wsman::code::action_not_supported);
    auto changing = change(call, restore_values);
    const auto tree = co_await std::move(changing);
    if (!tree.ok()) co_return fault_of(tree.error());
    co_return wsman::write_config_invoked(call.message.header.action, call.answer_id,
                                          call.message.header.message_id);
}

net::Task<Result<void>> ConfigResources::check_credentials(const Call& call, std::string user,
                                                           const std::optional<Secret>& password) {
    if (call.visit.local_session)
        co_return refused(wsman::code::mapping_local_session, "a mapping is made over the network only");
    const auto wrong = [] {
        return refused(wsman::code::mapping_credentials,
                       "user name and password of a local account could not be verified");
    };
    if (!password || user.empty() || user.find(':') != std::string::npos) co_return wrong();
    std::string token = user + ":";
    token += password->expose();
    channel::LogonAttempt attempt{user, call.visit.client_ip, "Basic", {}};
    auto verifying = parts_.passwords.verify(std::move(token), attempt);
    wipe(token);
    const auto identity = co_await std::move(verifying);
    // A mapping is to an account of the service: Linux users whom PAM knows have none.
    if (identity.ok() && is_linux_account(identity->user())) co_return wrong();
    if (identity.ok()) co_return Result<void>{};
    if (identity.error().id == ErrorId::auth_rejected) co_return wrong();
    co_return identity.error();
}

// The password of the account that it is for: where that changes, or where one is given.
net::Task<Result<void>> ConfigResources::check_mapping_put(const Call& call,
                                                           const wsman::ConfigTarget& target,
                                                           const wsman::ConfigDocument& asked) {
    const auto tree = parts_.keeper.tree();
    const auto* now = find(tree->file.mappings, target);
    if (now == nullptr) co_return instance_missing(target);
    const auto* user = asked.find("UserName");
    const std::string wanted = user == nullptr ? now->user : user->text;
    if (wanted == now->user && !asked.password) co_return Result<void>{};
    auto checking = check_credentials(call, wanted, asked.password);
    co_return co_await std::move(checking);
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
    if (is_mapping(target)) {
        for (const auto& one : tree->file.mappings) add(document_of(one), target_of(one));
        return out;
    }
    const auto settings = tree->config().settings;
    for (const auto& one : tree->listeners())
        add(document_of(one, parts_.keeper.facts(one.settings, settings)), target_of(one.settings));
    return out;
}

ResourceHandler::Answer ConfigResources::enumerate(const Call& call, const wsman::ConfigTarget& target) {
    auto what = wsman::read_enumerate(call.message);
    if (!what.ok()) co_return fault_of(what.error());
    if (what->has_filter) co_return wsman::make_fault(wsman::code::filtering_not_supported);
    if (!what->mode.empty() && what->mode != epr && what->mode != object_and_epr)
        co_return wsman::make_fault(wsman::code::unsupported_feature);
    auto all = items(target, what->mode, call.message.header.to);
    auto opening = open(call.visit, std::move(all), std::move(*what));
    auto batch = co_await visit(parts_.keeper.executor(), std::move(opening));
    if (!batch.ok()) co_return batch.fault();
    co_return wsman::write_enumerate_response(call.answer_id, call.message.header.message_id, batch.value());
}

ResourceHandler::Answer ConfigResources::pull(const Call& call, const wsman::ConfigTarget&) {
    auto what = wsman::read_pull(call.message);
    if (!what.ok()) co_return fault_of(what.error());
    auto pulling = next(call.visit, std::move(*what));
    auto batch = co_await visit(parts_.keeper.executor(), std::move(pulling));
    if (!batch.ok()) co_return batch.fault();
    co_return wsman::write_pull_response(call.answer_id, call.message.header.message_id, batch.value());
}

ResourceHandler::Answer ConfigResources::release(const Call& call, const wsman::ConfigTarget&) {
    auto context = wsman::read_release(call.message);
    if (!context.ok()) co_return fault_of(context.error());
    auto closing = close(call.visit, std::move(*context));
    auto done = co_await visit(parts_.keeper.executor(), std::move(closing));
    if (!done.ok()) co_return done.fault();
    co_return wsman::write_release_response(call.answer_id, call.message.header.message_id);
}

// Those that are left open count as operations.
net::Task<Outcome<wsman::Batch>> ConfigResources::open(Visit visit, std::deque<std::string> items,
                                                       wsman::Enumerate what) {
    const auto most = visit.settings->max_operations_per_user;
    if (enumerations_.count(visit.user) >= most)
        co_return wsman::make_fault(wsman::code::quota_operations,
                                    wsman::quota_text(wsman::code::quota_operations, most));
    co_return enumerations_.open(visit.user, std::move(items), what.optimize,
                                 batching(visit, what.max_elements),
                                 Duration(visit.settings->enumeration_timeout_ms));
}

net::Task<Outcome<wsman::Batch>> ConfigResources::next(Visit visit, wsman::Pull what) {
    co_return enumerations_.pull(visit.user, what.context, batching(visit, what.max_elements));
}

net::Task<Done> ConfigResources::close(Visit visit, std::string context) {
    co_return enumerations_.release(visit.user, context);
}

}  // namespace mullion::service
