#include "inventory/inventory.h"

#include <arpa/inet.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <tuple>

#include "inventory/files.h"
#include "inventory/loader.h"
#include "inventory/vars_folder.h"

namespace mullion::inventory {
namespace {

const Value* find_known(const Variables& variables, std::string_view name) {
    for (const Variable& variable : variables)
        if (variable.name.data() == name.data()) return &variable.value;
    return nullptr;
}

bool is_address(const std::string& name) {
    in_addr four{};
    return name.find(':') != std::string::npos || ::inet_pton(AF_INET, name.c_str(), &four) == 1;
}

std::shared_ptr<const Value> shared(std::string text) {
    return std::make_shared<const Value>(Value{std::move(text)});
}

class LoadedInventory : public Inventory {
public:
    explicit LoadedInventory(std::vector<VaultPassword> passwords) : vault_(std::move(passwords)) {}

    Result<void> load(const Sources& sources) {
        MULLION_ASSIGN(const auto folders, load_sources(model_, vault_, sources.paths, sources.texts));
        model_.settle();
        for (const auto& folder : folders) {
            MULLION_ASSIGN(VarsFolder loaded, load_vars_folder(model_, vault_, folder));
            folders_.push_back(std::move(loaded));
        }
        MULLION_ASSIGN(extra_, load_extra_variables(model_, vault_, sources.extra_variables));
        find_ancestors();
        return {};
    }

    const Model& model() const override { return model_; }
    const Vault& vault() const override { return vault_; }
    const std::vector<GroupIndex>& groups_of(HostIndex host) const override {
        return group_sets_[set_of_host_[host]];
    }

    Variables variables(HostIndex host) const override {
        Variables out;
        for (const Variables* layer : layers(host))
            for (const Variable& variable : *layer) assign(out, variable.name, variable.value);
        return out;
    }

    const Value* find(HostIndex host, std::string_view name) const override;
    std::shared_ptr<const Value> magic(HostIndex host, std::string_view name) const override;

private:
    [[nodiscard]] std::vector<const Variables*> layers(HostIndex host) const;
    void find_ancestors();
    [[nodiscard]] std::vector<GroupIndex> ancestors_of(const std::vector<GroupIndex>& direct) const;
    [[nodiscard]] std::shared_ptr<const Value> groups_value() const;
    [[nodiscard]] List hosts_below(GroupIndex group) const;

    Model model_;
    Vault vault_;
    std::vector<VarsFolder> folders_;  // In the order of the sources.
    Variables extra_;
    // Hosts are many, and the sets of groups that they are in are few.
    std::vector<std::vector<GroupIndex>> group_sets_;
    std::vector<std::uint32_t> set_of_host_;
    mutable std::once_flag groups_made_;
    mutable std::shared_ptr<const Value> groups_;
};

// From the lowest to the highest (Ansible's documentation, "Understanding variable precedence", 3 to 10 and
// 22).
std::vector<const Variables*> LoadedInventory::layers(HostIndex host) const {
    std::vector<const Variables*> out;
    const auto add = [&](const Variables& variables) {
        if (!variables.empty()) out.push_back(&variables);
    };
    const auto add_of = [&](const auto& folder, std::uint32_t number) {
        const auto found = folder.find(number);
        if (found != folder.end()) add(found->second);
    };
    const auto& groups = groups_of(host);
    for (const GroupIndex group : groups) add(model_.groups()[group].variables);
    for (const auto& folder : folders_) add_of(folder.groups, Model::all);
    // A later source wins over an earlier one, however deep the group is.
    for (const auto& folder : folders_)
        for (const GroupIndex group : groups)
            if (group != Model::all) add_of(folder.groups, group);
    add(model_.hosts()[host].variables);
    for (const auto& folder : folders_) add_of(folder.hosts, host);
    add(extra_);
    return out;
}

const Value* LoadedInventory::find(HostIndex host, std::string_view name) const {
    const auto known = model_.known_name(name);
    if (known.data() == nullptr) return nullptr;
    const auto all = layers(host);
    for (auto layer = all.rbegin(); layer != all.rend(); ++layer)
        if (const Value* const value = find_known(**layer, known)) return value;
    return nullptr;
}

std::vector<GroupIndex> LoadedInventory::ancestors_of(const std::vector<GroupIndex>& direct) const {
    std::vector<bool> seen(model_.groups().size());
    std::vector<GroupIndex> out;
    const auto add = [&](GroupIndex group) {
        if (!seen[group]) out.push_back(group);
        seen[group] = true;
    };
    for (const GroupIndex group : direct) add(group);
    for (std::size_t at = 0; at < out.size(); ++at)
        for (const GroupIndex parent : model_.groups()[out[at]].parents) add(parent);
    add(Model::all);
    const auto before = [&](GroupIndex a, GroupIndex b) {
        const Group &left = model_.groups()[a], &right = model_.groups()[b];
        return std::tie(left.depth, left.priority, left.name) <
               std::tie(right.depth, right.priority, right.name);
    };
    std::sort(out.begin(), out.end(), before);
    return out;
}

void LoadedInventory::find_ancestors() {
    std::map<std::vector<GroupIndex>, std::uint32_t> known;
    set_of_host_.reserve(model_.hosts().size());
    const std::vector<GroupIndex>* last = nullptr;
    for (const Host& host : model_.hosts()) {
        if (last != nullptr && *last == host.groups) {
            set_of_host_.push_back(set_of_host_.back());
            continue;
        }
        last = &host.groups;
        const auto [at, added] = known.emplace(host.groups, static_cast<std::uint32_t>(group_sets_.size()));
        if (added) group_sets_.push_back(ancestors_of(host.groups));
        set_of_host_.push_back(at->second);
    }
}

List LoadedInventory::hosts_below(GroupIndex group) const {
    List out;
    std::vector<bool> seen_hosts(model_.hosts().size()), seen_groups(model_.groups().size());
    std::vector<GroupIndex> todo{group};
    seen_groups[group] = true;
    for (std::size_t at = 0; at < todo.size(); ++at) {
        for (const HostIndex host : model_.groups()[todo[at]].hosts) {
            if (!seen_hosts[host]) out.push_back(Value{model_.hosts()[host].name});
            seen_hosts[host] = true;
        }
        for (const GroupIndex child : model_.groups()[todo[at]].children) {
            if (!seen_groups[child]) todo.push_back(child);
            seen_groups[child] = true;
        }
    }
    return out;
}

// The same for every host, and large: made once, and only when a template names it.
std::shared_ptr<const Value> LoadedInventory::groups_value() const {
    std::call_once(groups_made_, [&] {
        Map map;
        for (GroupIndex group = 0; group < model_.groups().size(); ++group)
            map.emplace_back(model_.groups()[group].name, Value{hosts_below(group)});
        groups_ = std::make_shared<const Value>(Value{std::move(map)});
    });
    return groups_;
}

std::shared_ptr<const Value> LoadedInventory::magic(HostIndex host, std::string_view name) const {
    const Host& of = model_.hosts()[host];
    if (name == "inventory_hostname") return shared(of.name);
    if (name == "inventory_hostname_short")
        return shared(is_address(of.name) ? of.name : of.name.substr(0, of.name.find('.')));
    if (name == "groups") return groups_value();
    if (name == "group_names") {
        std::vector<std::string> names;
        for (const GroupIndex group : groups_of(host))
            if (group != Model::all) names.push_back(model_.groups()[group].name);
        std::sort(names.begin(), names.end());
        List list;
        for (auto& group : names) list.push_back(Value{std::move(group)});
        return std::make_shared<const Value>(Value{std::move(list)});
    }
    if (name != "inventory_file" && name != "inventory_dir") return nullptr;
    const std::string& source = model_.file(of.source);
    // A list of hosts is no file.
    if (!exists(source)) return std::make_shared<const Value>();
    return shared(name == "inventory_dir" ? folder_of(source) : plain_path(source));
}

}  // namespace

Result<std::unique_ptr<Inventory>> Inventory::load(Sources sources) {
    auto inventory = std::make_unique<LoadedInventory>(std::move(sources.vault_passwords));
    MULLION_TRY(inventory->load(sources));
    return std::unique_ptr<Inventory>(std::move(inventory));
}

}  // namespace mullion::inventory
