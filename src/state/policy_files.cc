#include "state/policy_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "http/message.h"
#include "os/file.h"
#include "state/config_nodes.h"
#include "state/policy_names.h"
#include "state/security.h"
#include "state/settings_table.h"

namespace mullion::state {
namespace {

namespace fs = std::filesystem;
using yaml::Node;

constexpr std::size_t largest_file = 1024 * 1024;
constexpr std::size_t most_files = 100;

enum class State { enabled, disabled, not_configured };

std::optional<State> state_of(std::string_view text) {
    const auto is = [&](std::initializer_list<std::string_view> words) {
        return std::any_of(words.begin(), words.end(),
                           [&](auto word) { return http::same_without_case(word, text); });
    };
    if (is({"enabled", "true", "yes", "on"})) return State::enabled;
    if (is({"disabled", "false", "no", "off"})) return State::disabled;
    if (is({"not configured", "not_configured"})) return State::not_configured;
    return std::nullopt;
}

// "NAME: Enabled", or a map with State and what the editor asks for besides.
struct Decision {
    State state = State::enabled;
    const Node::Entry* entry = nullptr;

    [[nodiscard]] const Node::Entry* option(std::string_view name) const {
        for (const auto& one : entry->value.map)
            if (http::same_without_case(one.key, name)) return &one;
        return nullptr;
    }
};

Result<Decision> read_decision(const Node::Entry& entry, std::initializer_list<std::string_view> options) {
    const auto wrong = [](const Node::Entry& at) {
        return at_line(at.line, fmt::format("{} is Enabled, Disabled or Not configured", at.key));
    };
    Decision decision{State::enabled, &entry};
    if (entry.value.kind == Node::Kind::scalar) {
        const auto state = state_of(entry.value.scalar);
        if (!state) return wrong(entry);
        decision.state = *state;
        return decision;
    }
    if (entry.value.kind != Node::Kind::map) return wrong(entry);
    for (const auto& one : entry.value.map) {
        if (one.value.kind != Node::Kind::scalar)
            return at_line(one.line, fmt::format("{} takes one value", one.key));
        const auto is_it = [&](auto name) { return http::same_without_case(name, one.key); };
        if (!is_it("State") && std::none_of(options.begin(), options.end(), is_it))
            return at_line(one.line, fmt::format("{} is not an option of \"{}\"", one.key, entry.key));
        if (!is_it("State")) continue;
        const auto state = state_of(one.value.scalar);
        if (!state) return wrong(one);
        decision.state = *state;
    }
    return decision;
}

Result<void> set(ConfigLayer& layer, std::string_view path, const Node::Entry& at, std::string_view text) {
    auto value = setting_text(*find_setting(path), text);
    if (!value.ok()) return at_line(at.line, fmt::format("\"{}\": {}", at.key, value.error().detail));
    layer.values.insert_or_assign(std::string(path), std::move(*value));
    return {};
}

Result<void> decide_value(ConfigLayer& layer, const Policy& policy, const Node::Entry& entry) {
    const bool plain = entry.value.kind == Node::Kind::scalar;
    if (plain && !state_of(entry.value.scalar)) return set(layer, policy.path, entry, entry.value.scalar);
    MULLION_ASSIGN(const Decision decision, read_decision(entry, {policy.option, "Value"}));
    if (decision.state != State::enabled) return {};
    const auto* option = decision.option(policy.option);
    if (option == nullptr) option = decision.option("Value");
    if (option == nullptr)
        return at_line(entry.line, fmt::format("\"{}\" needs {}", policy.name, policy.option));
    return set(layer, policy.path, *option, option->value.scalar);
}

// As on Windows: it makes the listener of HTTP, and says at which addresses. Disabled: nobody from elsewhere.
Result<void> decide_remote_management(ConfigLayer& layer, const Node::Entry& entry) {
    MULLION_ASSIGN(const Decision decision, read_decision(entry, {"IPv4Filter", "IPv6Filter"}));
    if (decision.state == State::not_configured) return {};
    const bool enabled = decision.state == State::enabled;
    MULLION_TRY(set(layer, "Service/AllowRemoteAccess", entry, enabled ? "true" : "false"));
    if (!enabled) return {};
    const auto* version_4 = decision.option("IPv4Filter");
    const auto* version_6 = decision.option("IPv6Filter");
    if (version_4 == nullptr && version_6 == nullptr)
        return at_line(entry.line,
                       "IPv4Filter and IPv6Filter say at which addresses: * is all of them, a "
                       "filter that is empty or missing none");
    MULLION_TRY(set(layer, "Service/IPv4Filter", version_4 != nullptr ? *version_4 : entry,
                    version_4 != nullptr ? version_4->value.scalar : ""));
    MULLION_TRY(set(layer, "Service/IPv6Filter", version_6 != nullptr ? *version_6 : entry,
                    version_6 != nullptr ? version_6->value.scalar : ""));
    if (!layer.listeners) layer.listeners.emplace();
    const ListenerSettings listener;
    const auto is_it = [&](const auto& other) { return same_key(other, listener); };
    if (std::none_of(layer.listeners->begin(), layer.listeners->end(), is_it))
        layer.listeners->push_back(listener);
    return {};
}

Result<void> decide(ConfigLayer& layer, const Policy& policy, const Node::Entry& entry) {
    if (policy.kind == PolicyKind::remote_management) return decide_remote_management(layer, entry);
    if (policy.kind == PolicyKind::value) return decide_value(layer, policy, entry);
    MULLION_ASSIGN(const Decision decision, read_decision(entry, {}));
    if (policy.kind == PolicyKind::nothing || decision.state == State::not_configured) return {};
    const bool on = (decision.state == State::enabled) == (policy.kind == PolicyKind::allows);
    return set(layer, policy.path, entry, on ? "true" : "false");
}

Result<void> read_group(ConfigLayer& layer, const Node::Entry& group) {
    if (group.value.is_null()) return {};
    if (group.value.kind != Node::Kind::map)
        return at_line(group.line, fmt::format("{} holds policies, not a value", group.key));
    for (const auto& entry : group.value.map) {
        const auto* policy = find_policy(group.key, entry.key);
        if (policy == nullptr)
            return at_line(entry.line, fmt::format("{} has no policy \"{}\"", group.key, entry.key));
        MULLION_TRY(decide(layer, *policy, entry));
    }
    return {};
}

// A listener of a later file takes the place of an earlier one's.
Result<void> read_policy_listeners(ConfigLayer& layer, const Node::Entry& entry) {
    ConfigLayer here;
    MULLION_TRY(read_listeners(here, entry));
    if (!here.listeners) return {};
    if (!layer.listeners) layer.listeners.emplace();
    for (auto& one : *here.listeners) {
        std::erase_if(*layer.listeners, [&](const auto& other) { return same_key(other, one); });
        layer.listeners->push_back(std::move(one));
    }
    return {};
}

// The descriptor of a later file takes the place of an earlier one's for the same URI.
Result<void> read_policy_security(ConfigLayer& layer, const Node::Entry& entry) {
    std::vector<SecurityEntry> here;
    MULLION_TRY(read_security(here, entry));
    for (auto& one : here)
        if (auto put = put_security(layer.security, std::move(one)); !put.ok())
            return at_line(entry.line, put.error().detail);
    return {};
}

Result<void> read_entry(ConfigLayer& layer, const Node::Entry& entry) {
    if (const auto* policy = find_policy({}, entry.key)) return decide(layer, *policy, entry);
    if (is_policy_group(entry.key)) return read_group(layer, entry);
    if (http::same_without_case(entry.key, "Listener")) return read_policy_listeners(layer, entry);
    if (http::same_without_case(entry.key, "Security")) return read_policy_security(layer, entry);
    if (is_in_the_file_alone(entry.key))
        return at_line(
            entry.line,
            fmt::format("{} is nothing that policy speaks of: it belongs into winrm.yaml", entry.key));
    return read_values(layer, entry.key, entry);
}

}  // namespace

Result<void> read_policy(ConfigLayer& layer, std::string_view yaml_text) {
    MULLION_ASSIGN(const Node root, yaml::read(yaml_text));
    if (root.is_null()) return {};
    if (root.kind != Node::Kind::map) return at_line(root.line, "policies are wanted: NAME: VALUE");
    for (const auto& entry : root.map) MULLION_TRY(read_entry(layer, entry));
    return {};
}

Result<ConfigLayer> read_policies(const std::string& folder) {
    ConfigLayer layer;
    if (is_missing(folder)) return layer;
    std::vector<fs::path> paths;
    std::error_code problem;
    for (fs::directory_iterator item(folder, problem), end; !problem && item != end; item.increment(problem))
        if (item->path().extension() == ".yml" || item->path().extension() == ".yaml")
            paths.push_back(item->path());
    if (problem) return Error{ErrorId::usage_file, fmt::format("list {}: {}", folder, problem.message())};
    if (paths.size() > most_files)
        return Error{ErrorId::config_invalid, fmt::format("{}: over {} files", folder, most_files)};
    std::sort(paths.begin(), paths.end());
    for (const auto& path : paths) {
        MULLION_ASSIGN(const std::string text, os::read_file(path.string(), largest_file));
        auto read = read_policy(layer, text);
        if (!read.ok())
            return Error{read.error().id, fmt::format("{}: {}", path.string(), read.error().detail)};
    }
    return layer;
}

}  // namespace mullion::state
