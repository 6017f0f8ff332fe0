#include "client/tests/fake_config.h"

#include <algorithm>

#include "client/config_path.h"
#include "wsman/shell.h"

namespace mullion::client::testing {
namespace {

constexpr std::string_view id = "uuid:A";

wsman::ConfigDocument copy_of(const wsman::ConfigDocument& from) {
    wsman::ConfigDocument to = wsman::new_config_document(*from.resource);
    to.source = from.source;
    to.values = from.values;
    return to;
}

void set_value(wsman::ConfigDocument& document, const wsman::ConfigValue& value) {
    for (auto& one : document.values)
        if (one.path == value.path) {
            one.text = value.text;
            return;
        }
    document.values.push_back(value);
}

}  // namespace

FakeConfig::FakeConfig() {
    for (const auto& row : wsman::config_resources().front().rows)
        tree[std::string(row.path)] = {std::string(row.path), std::string(row.preset), {}, false};
}

void FakeConfig::add_listener(const std::string& address, const std::string& transport,
                              const std::string& port) {
    const auto* resource = wsman::find_config_resource(std::string(wsman::resource::config) + "/listener");
    auto listener = wsman::new_config_document(*resource);
    for (const auto& [path, text] :
         std::initializer_list<std::pair<const char*, std::string>>{{"Address", address},
                                                                    {"Transport", transport},
                                                                    {"Port", port},
                                                                    {"Hostname", ""},
                                                                    {"Enabled", "true"},
                                                                    {"URLPrefix", "wsman"},
                                                                    {"CertificateThumbprint", ""},
                                                                    {"ListeningOn", "127.0.0.1"}})
        listener.values.push_back({path, text, {}, false});
    instances.push_back(std::move(listener));
}

const wsman::ConfigDocument* FakeConfig::find(const std::string& name) const {
    for (const auto& one : instances)
        if (instance_name(one) == name) return &one;
    return nullptr;
}

wsman::ConfigDocument* FakeConfig::instance(const wsman::ConfigTarget& target) {
    return const_cast<wsman::ConfigDocument*>(find(instance_name(target)));
}

wsman::ConfigDocument FakeConfig::document(const wsman::ConfigResource& resource) const {
    auto made = wsman::new_config_document(resource);
    for (const auto& row : resource.rows)
        if (const auto found = tree.find(row.path); found != tree.end()) made.values.push_back(found->second);
    return made;
}

void FakeConfig::take_password(const wsman::ConfigDocument& asked) {
    if (asked.password) passwords.emplace_back(asked.password->expose());
}

Result<std::string> FakeConfig::put(const wsman::Message& request, const wsman::ConfigTarget& target) {
    MULLION_ASSIGN(const auto asked, wsman::read_config_body(request, target));
    auto* found = target.keys.empty() ? nullptr : instance(target);
    if (!target.keys.empty() && found == nullptr)
        return Error(ErrorId::wsman_malformed, "there is no such instance");
    const auto current = found == nullptr ? document(*target.resource) : copy_of(*found);
    MULLION_ASSIGN(const auto changes, wsman::config_changes(current, asked));
    take_password(asked);
    for (auto change : changes) {
        if (const auto kept = keeps.find(change.path); kept != keeps.end()) change.text = kept->second;
        if (found != nullptr)
            set_value(*found, change);
        else
            tree[change.path].text = change.text;
    }
    const auto now = found == nullptr ? document(*target.resource) : copy_of(*found);
    return wsman::write_config_answer(wsman::action::put, id, request.header.message_id, now);
}

Result<std::string> FakeConfig::create(const wsman::Message& request, const wsman::ConfigTarget& target) {
    MULLION_ASSIGN(const auto asked, wsman::read_config_body(request, target));
    if (instance(target) != nullptr) {
        Error error(ErrorId::wsman_malformed, "it is there already");
        error.wsman_code = wsman::code::already_exists;
        return error;
    }
    take_password(asked);
    auto made = wsman::new_config_document(*target.resource);
    for (const auto& key : target.keys) made.values.push_back({key.name, key.value, {}, false});
    for (const auto& value : asked.values) set_value(made, value);
    instances.push_back(std::move(made));
    return wsman::write_config_created(id, request.header.message_id, target);
}

std::string FakeConfig::enumerate(const wsman::Message& request, const wsman::ConfigResource& resource,
                                  std::size_t from) {
    wsman::Batch batch;
    std::size_t at = 0;
    batch.end = true;
    for (const auto& one : instances) {
        if (one.resource != &resource || at++ < from) continue;
        if (batch.items.size() == page) {
            batch.end = false;
            batch.context = std::to_string(from + page);
            break;
        }
        batch.items.push_back(wsman::config_item(one));
    }
    if (batch.end && endless) {
        batch.end = false;
        batch.context = "0";
    }
    const auto& relates = request.header.message_id;
    if (request.header.action == wsman::action::pull) return wsman::write_pull_response(id, relates, batch);
    return wsman::write_enumerate_response(id, relates, batch);
}

Result<std::string> FakeConfig::handle(const wsman::Message& request) {
    const auto& action = request.header.action;
    MULLION_ASSIGN(const auto target, wsman::read_config_target(request));
    seen.push_back(action.substr(action.rfind('/') + 1) + " " + std::string(target.resource->path));
    if (action == wsman::action::put) return put(request, target);
    if (action == wsman::action::create) return create(request, target);
    if (action == wsman::action::enumerate) return enumerate(request, *target.resource, 0);
    if (action == wsman::action::pull) {
        MULLION_ASSIGN(const auto pull, wsman::read_pull(request));
        return enumerate(request, *target.resource, std::stoul(pull.context));
    }
    if (action == wsman::action::remove) {
        const auto name = instance_name(target);
        std::erase_if(instances, [&](const auto& one) { return instance_name(one) == name; });
        return wsman::write_delete_response(id, request.header.message_id);
    }
    return wsman::write_config_answer(wsman::action::get, id, request.header.message_id,
                                      document(*target.resource));
}

std::string FakeConfig::answer(const wsman::Message& request) {
    auto answered = handle(request);
    if (answered.ok()) return std::move(answered).value();
    return wsman::write_fault(id, request.header.message_id, "fake", wsman::config_fault(answered.error()));
}

}  // namespace mullion::client::testing
