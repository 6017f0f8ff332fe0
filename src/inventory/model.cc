#include "inventory/model.h"

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

namespace mullion::inventory {
namespace {

// As Python's int() takes it: a number, or text that is one; a fraction is cut.
std::optional<std::int64_t> priority_of(const Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value.data)) return *number;
    if (const auto* flag = std::get_if<bool>(&value.data)) return *flag ? 1 : 0;
    if (const auto* real = std::get_if<double>(&value.data)) {
        if (!(*real > -1e15 && *real < 1e15)) return std::nullopt;
        return static_cast<std::int64_t>(*real);
    }
    const auto* text = std::get_if<std::string>(&value.data);
    if (text == nullptr) return std::nullopt;
    std::string_view digits = *text;
    constexpr std::string_view blanks = " \t\r\n";
    digits.remove_prefix(std::min(digits.find_first_not_of(blanks), digits.size()));
    digits = digits.substr(0, digits.find_last_not_of(blanks) + 1);
    if (digits.starts_with('+') && !digits.starts_with("+-")) digits.remove_prefix(1);
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (fault != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return number;
}

}  // namespace

void assign(Variables& variables, std::string_view name, Value value) {
    const auto same = [&](const Variable& variable) { return variable.name.data() == name.data(); };
    const auto found = std::find_if(variables.begin(), variables.end(), same);
    if (found == variables.end()) {
        variables.push_back({name, std::move(value)});
    } else {
        found->value = std::move(value);
    }
}

void mark_secret(Value& value) {
    value.secret = true;
    if (auto* list = std::get_if<List>(&value.data))
        for (auto& item : *list) mark_secret(item);
    if (auto* map = std::get_if<Map>(&value.data))
        for (auto& entry : *map) mark_secret(entry.second);
}

Model::Model() {
    begin();
}

void Model::begin() {
    group("all");
    group("ungrouped");
    (void)add_child(all, ungrouped);
}

bool Model::is_blank() const {
    const auto untouched = [](const Group& group) { return group.variables.empty() && group.priority == 1; };
    return hosts_.empty() && groups_.size() == 2 && untouched(groups_[all]) && untouched(groups_[ungrouped]);
}

void Model::forget(std::size_t notices) {
    hosts_.clear();
    groups_.clear();
    host_names_ = group_names_ = NameIndex();
    notices_.resize(std::min(notices, notices_.size()));
    begin();
}

HostIndex Model::host(std::string_view name) {
    if (const auto known = find_host(name)) return *known;
    const auto number = static_cast<HostIndex>(hosts_.size());
    hosts_.push_back({std::string(name), {}, {}, source_});
    host_names_.add(number, [&](std::uint32_t at) -> std::string_view { return hosts_[at].name; });
    return number;
}

GroupIndex Model::group(std::string_view name) {
    if (const auto known = find_group(name)) return *known;
    const auto number = static_cast<GroupIndex>(groups_.size());
    groups_.emplace_back().name = name;
    group_names_.add(number, [&](std::uint32_t at) -> std::string_view { return groups_[at].name; });
    return number;
}

std::optional<HostIndex> Model::find_host(std::string_view name) const {
    return host_names_.find(name, [&](std::uint32_t at) -> std::string_view { return hosts_[at].name; });
}

std::optional<GroupIndex> Model::find_group(std::string_view name) const {
    return group_names_.find(name, [&](std::uint32_t at) -> std::string_view { return groups_[at].name; });
}

void Model::put(HostIndex host, GroupIndex into) {
    auto& groups = hosts_[host].groups;  // Few; a group's hosts may be many.
    if (std::find(groups.begin(), groups.end(), into) != groups.end()) return;
    groups.push_back(into);
    groups_[into].hosts.push_back(host);
}

bool Model::is_ancestor(GroupIndex group, GroupIndex of) const {
    if (groups_[group].children.empty()) return false;
    std::vector<bool> seen(groups_.size());
    std::vector<GroupIndex> todo{of};
    while (!todo.empty()) {
        const GroupIndex at = todo.back();
        todo.pop_back();
        for (const GroupIndex parent : groups_[at].parents) {
            if (parent == group) return true;
            if (!seen[parent]) todo.push_back(parent);
            seen[parent] = true;
        }
    }
    return false;
}

Result<void> Model::add_child(GroupIndex parent, GroupIndex child) {
    auto& children = groups_[parent].children;
    if (std::find(groups_[child].parents.begin(), groups_[child].parents.end(), parent) !=
        groups_[child].parents.end()) {
        return {};
    }
    // Every group is below all in the end.
    if (child == all || child == parent || is_ancestor(child, parent)) {
        return Error{ErrorId::inventory_invalid,
                     fmt::format("group {} as a child of {} would be its own descendant", groups_[child].name,
                                 groups_[parent].name)};
    }
    children.push_back(child);
    groups_[child].parents.push_back(parent);
    return {};
}

void Model::set(HostIndex host, std::string_view name, Value value) {
    if (secret_) mark_secret(value);
    assign(hosts_[host].variables, this->name(name), std::move(value));
}

void Model::set(HostIndex host, Variables variables) {
    if (secret_)
        for (auto& variable : variables) mark_secret(variable.value);
    Variables& known = hosts_[host].variables;
    if (known.empty()) {
        known = std::move(variables);
        return;
    }
    for (auto& variable : variables) assign(known, variable.name, std::move(variable.value));
}

Result<void> Model::set_group(GroupIndex group, std::string_view name, Value value) {
    if (name != "ansible_group_priority") {
        if (secret_) mark_secret(value);
        assign(groups_[group].variables, this->name(name), std::move(value));
        return {};
    }
    const auto priority = priority_of(value);
    if (!priority) {
        return Error{ErrorId::inventory_invalid,
                     fmt::format("ansible_group_priority of group {} is no number", groups_[group].name)};
    }
    groups_[group].priority = *priority;
    return {};
}

std::string_view Model::name(std::string_view text) {
    const auto known = names_.find(text);
    return known != names_.end() ? *known : *names_.emplace(text).first;
}

std::string_view Model::known_name(std::string_view text) const {
    const auto known = names_.find(text);
    return known != names_.end() ? std::string_view(*known) : std::string_view();
}

std::vector<std::string_view> Model::names() const {
    return {names_.begin(), names_.end()};
}

std::uint32_t Model::add_file(std::string path) {
    files_.push_back(std::move(path));
    return static_cast<std::uint32_t>(files_.size() - 1);
}

std::string Model::text_of(Place place) const {
    return place.line == 0 ? files_[place.file] : fmt::format("{}:{}", files_[place.file], place.line);
}

void Model::settle() {
    settle_groups();
    settle_hosts();
    settle_depths();
    for (const Group& group : groups_)
        if (const auto host = find_host(group.name))
            notice({hosts_[*host].source, 0},
                   fmt::format("{} is the name of a group and of a host", group.name));
}

void Model::settle_groups() {
    for (GroupIndex group = 0; group < groups_.size(); ++group)
        if (group != all && groups_[group].parents.empty()) (void)add_child(all, group);
}

// In ungrouped is what is in all, if anywhere, and in nothing else.
void Model::settle_hosts() {
    for (HostIndex number = 0; number < hosts_.size(); ++number) {
        auto& groups = hosts_[number].groups;
        const auto named = [](GroupIndex group) { return group != all && group != ungrouped; };
        if (std::none_of(groups.begin(), groups.end(), named)) {
            put(number, ungrouped);
        } else {
            std::erase(groups, ungrouped);
        }
        groups.shrink_to_fit();
        hosts_[number].variables.shrink_to_fit();
    }
    const auto elsewhere = [&](HostIndex host) {
        const auto& groups = hosts_[host].groups;
        return std::find(groups.begin(), groups.end(), ungrouped) == groups.end();
    };
    std::erase_if(groups_[ungrouped].hosts, elsewhere);
    hosts_.shrink_to_fit();
}

// A group's depth is known when all of its parents' are.
void Model::settle_depths() {
    std::vector<std::size_t> unknown_parents(groups_.size());
    for (std::size_t at = 0; at < groups_.size(); ++at) unknown_parents[at] = groups_[at].parents.size();
    std::vector<GroupIndex> todo{all};
    while (!todo.empty()) {
        const GroupIndex at = todo.back();
        todo.pop_back();
        for (const GroupIndex child : groups_[at].children) {
            groups_[child].depth = std::max(groups_[child].depth, groups_[at].depth + 1);
            if (--unknown_parents[child] == 0) todo.push_back(child);
        }
    }
}

const Value* find_variable(const Variables& variables, std::string_view name) {
    const auto same = [&](const Variable& variable) { return variable.name == name; };
    const auto found = std::find_if(variables.begin(), variables.end(), same);
    return found == variables.end() ? nullptr : &found->value;
}

}  // namespace mullion::inventory
