// Hosts, groups and their variables as the files said them, before precedence. Filled by the readers of INI
// and YAML, in the order of the files; read by everything else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.h"
#include "inventory/value.h"

namespace mullion::inventory {

using HostIndex = std::uint32_t;
using GroupIndex = std::uint32_t;

struct Variable {
    std::string name;
    Value value;
};
using Variables = std::vector<Variable>;  // One of each name.

struct Host {
    std::string name;
    std::vector<GroupIndex> groups;  // Direct ones, in the order they were said.
    Variables variables;             // Of inventory files, not of host_vars/.
};

struct Group {
    std::string name;
    std::vector<GroupIndex> children, parents;  // Direct ones.
    std::vector<HostIndex> hosts;               // Direct ones.
    Variables variables;
    int priority = 1;  // ansible_group_priority
};

// Something that the operator should know and that stops nothing: "FILE:LINE: text".
struct Notice {
    Place place;
    std::string text;
};

class Model {
public:
    Model();  // With the groups all and ungrouped.

    static constexpr GroupIndex all = 0, ungrouped = 1;

    // Makes it when it is new. Names are taken as they are; a name that is group and host is a notice.
    HostIndex host(std::string_view name);
    GroupIndex group(std::string_view name);
    [[nodiscard]] std::optional<HostIndex> find_host(std::string_view name) const;
    [[nodiscard]] std::optional<GroupIndex> find_group(std::string_view name) const;

    void put(HostIndex host, GroupIndex into);
    // Errors: inventory.invalid (it would be its own descendant)
    [[nodiscard]] Result<void> add_child(GroupIndex parent, GroupIndex child);
    void set(HostIndex host, std::string_view name, Value value);
    void set_group(GroupIndex group, std::string_view name, Value value);

    std::uint32_t add_file(std::string path);
    [[nodiscard]] const std::string& file(std::uint32_t number) const { return files_[number]; }
    [[nodiscard]] std::string text_of(Place place) const;  // "hosts.yml:12"
    void notice(Place place, std::string text) { notices_.push_back({place, std::move(text)}); }

    // When all files are read: what is in no group goes to ungrouped, and every top group under all.
    void settle();

    [[nodiscard]] const std::vector<Host>& hosts() const { return hosts_; }
    [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }
    [[nodiscard]] const std::vector<Notice>& notices() const { return notices_; }

private:
    std::vector<Host> hosts_;
    std::vector<Group> groups_;
    std::vector<std::string> files_;
    std::vector<Notice> notices_;
    std::unordered_map<std::string, HostIndex> host_names_;
    std::unordered_map<std::string, GroupIndex> group_names_;
};

}  // namespace mullion::inventory
