// Hosts, groups and their variables as the files said them, before precedence. Filled by the readers of INI
// and YAML, in the order of the files; read by everything else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/result.h"
#include "inventory/name_index.h"
#include "inventory/value.h"

namespace mullion::inventory {

using HostIndex = std::uint32_t;
using GroupIndex = std::uint32_t;

struct Variable {
    std::string_view
        name;  // Of Model::name(), which outlives it: ten thousand hosts have the same few names.
    Value value;
};
using Variables = std::vector<Variable>;  // One of each name.

struct Host {
    std::string name;
    std::vector<GroupIndex> groups;  // Direct ones, in the order they were said.
    Variables variables;             // Of inventory files, not of host_vars/.
    std::uint32_t source = 0;        // The file that named it first: inventory_file, inventory_dir.
};

struct Group {
    std::string name;
    std::vector<GroupIndex> children, parents;  // Direct ones.
    std::vector<HostIndex> hosts;               // Direct ones.
    Variables variables;                        // Without ansible_group_priority.
    std::int64_t priority = 1;                  // ansible_group_priority
    unsigned depth = 0;                         // The longest way down from all. Known when settled.
};

// Something that the operator should know and that stops nothing: "FILE:LINE: text".
struct Notice {
    Place place;
    std::string text;
};

class Model {
public:
    Model();  // With the groups all and ungrouped.
    Model(const Model&) = delete;
    Model& operator=(const Model&) = delete;

    static constexpr GroupIndex all = 0, ungrouped = 1;

    // Makes it when it is new. Names are taken as they are.
    HostIndex host(std::string_view name);
    GroupIndex group(std::string_view name);
    [[nodiscard]] std::optional<HostIndex> find_host(std::string_view name) const;
    [[nodiscard]] std::optional<GroupIndex> find_group(std::string_view name) const;

    void put(HostIndex host, GroupIndex into);
    // Errors: inventory.invalid (it would be its own descendant; without file and line: the reader knows
    // them)
    [[nodiscard]] Result<void> add_child(GroupIndex parent, GroupIndex child);
    // The last value of a name wins.
    void set(HostIndex host, std::string_view name, Value value);
    // Several at once, each of another name; names are of name().
    void set(HostIndex host, Variables variables);
    // ansible_group_priority becomes Group::priority. Errors: inventory.invalid (it is no number; likewise)
    [[nodiscard]] Result<void> set_group(GroupIndex group, std::string_view name, Value value);

    // A variable's name, kept once for the model's life. Same name, same data().
    [[nodiscard]] std::string_view name(std::string_view text);
    // Empty where no variable has that name.
    [[nodiscard]] std::string_view known_name(std::string_view text) const;
    [[nodiscard]] std::vector<std::string_view> names() const;  // All of them, in no order.

    std::uint32_t add_file(std::string path);
    [[nodiscard]] const std::string& file(std::uint32_t number) const { return files_[number]; }
    [[nodiscard]] std::string text_of(Place place) const;  // "hosts.yml:12"
    // Hosts that are new from now on come from this file.
    void reading(std::uint32_t file) { source_ = file; }
    // Variables that are set from now on are marked as secret, or are not.
    void mark_secrets(bool secret) { secret_ = secret; }
    void notice(Place place, std::string text) { notices_.push_back({place, std::move(text)}); }

    // True as long as there are no hosts, and no groups but the two that always are.
    [[nodiscard]] bool is_blank() const;
    // Makes it so again, and keeps the first `notices`.
    void forget(std::size_t notices);

    // When all files are read: every top group goes under all, what is in no group to ungrouped, and what is
    // in another one out of it; a name that is group and host is a notice; depths are known.
    void settle();

    [[nodiscard]] const std::vector<Host>& hosts() const { return hosts_; }
    [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }
    [[nodiscard]] const std::vector<Notice>& notices() const { return notices_; }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    void begin();
    [[nodiscard]] bool is_ancestor(GroupIndex group, GroupIndex of) const;
    void settle_groups();
    void settle_hosts();
    void settle_depths();

    std::vector<Host> hosts_;
    std::vector<Group> groups_;
    std::vector<std::string> files_;
    std::vector<Notice> notices_;
    NameIndex host_names_, group_names_;
    std::unordered_set<std::string, Hash, std::equal_to<>> names_;
    std::uint32_t source_ = 0;
    bool secret_ = false;
};

// The variable of that name; null where there is none.
[[nodiscard]] const Value* find_variable(const Variables& variables, std::string_view name);
// Sets or replaces; what is replaced keeps its place in the order. `name` is of Model::name().
void assign(Variables& variables, std::string_view name, Value value);
// Value::secret, and of all that is inside.
void mark_secret(Value& value);

}  // namespace mullion::inventory
