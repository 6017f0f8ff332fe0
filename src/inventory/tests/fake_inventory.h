// An inventory of one INI text, without files: variables of a host win over those of its groups.
#pragma once

#include <gtest/gtest.h>

#include "inventory/inventory.h"
#include "inventory/readers.h"

namespace mullion::inventory {

class FakeInventory final : public Inventory {
public:
    explicit FakeInventory(std::string_view text, std::vector<VaultPassword> passwords = {})
        : vault_(std::move(passwords)) {
        const auto done = read_ini(model_, model_.add_file("hosts"), text);
        EXPECT_TRUE(done.ok()) << (done.ok() ? "" : done.error().detail);
        model_.settle();
    }

    Model& changeable() { return model_; }
    const Model& model() const override { return model_; }
    const Vault& vault() const override { return vault_; }
    Variables variables(HostIndex host) const override {
        auto all = model_.hosts()[host].variables;
        for (const auto group : groups_of(host))
            for (const auto& variable : model_.groups()[group].variables) all.push_back(variable);
        return all;
    }
    const Value* find(HostIndex host, std::string_view name) const override {
        if (const auto* value = find_variable(model_.hosts()[host].variables, name)) return value;
        for (const auto group : groups_of(host))
            if (const auto* value = find_variable(model_.groups()[group].variables, name)) return value;
        return nullptr;
    }
    std::shared_ptr<const Value> magic(HostIndex host, std::string_view name) const override {
        if (name != "inventory_hostname") return nullptr;
        return std::make_shared<const Value>(Value{model_.hosts()[host].name});
    }
    const std::vector<GroupIndex>& groups_of(HostIndex host) const override {
        groups_ = model_.hosts()[host].groups;
        groups_.push_back(Model::all);
        return groups_;
    }
    HostIndex host(std::string_view name) const {
        const auto found = model_.find_host(name);
        EXPECT_TRUE(found) << name;
        return found.value_or(0);
    }

private:
    Model model_;
    Vault vault_;
    mutable std::vector<GroupIndex> groups_;
};

}  // namespace mullion::inventory
