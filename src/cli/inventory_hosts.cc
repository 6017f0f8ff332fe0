// A TARGET over an inventory: a host pattern.
#include <fmt/core.h>

#include <utility>
#include <vector>

#include "cli/hosts.h"
#include "inventory/inventory.h"
#include "inventory/patterns.h"

namespace mullion::cli {
namespace {

class InventoryHosts final : public Hosts {
public:
    InventoryHosts(std::unique_ptr<inventory::Inventory> inventory, std::vector<inventory::HostIndex> hosts,
                   target::GivenOptions given, Notify notify, bool wants_password)
        : inventory_(std::move(inventory)),
          hosts_(std::move(hosts)),
          planner_(*inventory_, std::move(given), std::move(notify), wants_password) {}

    std::size_t count() const override { return hosts_.size(); }
    std::string name(std::size_t host) const override {
        return inventory_->model().hosts()[hosts_[host]].name;
    }
    Result<inventory::Plan> plan(std::size_t host) override { return planner_.plan(hosts_[host]); }
    Result<void> use_credential(const std::string& credential) override {
        planner_.use_credential(credential);
        return {};
    }
    inventory::References references(std::size_t host) override { return planner_.references(hosts_[host]); }
    void fill_credentials(inventory::FillCredential fill) override {
        planner_.fill_credentials(std::move(fill));
    }

private:
    std::unique_ptr<inventory::Inventory> inventory_;
    std::vector<inventory::HostIndex> hosts_;
    inventory::Planner planner_;
};

}  // namespace

Result<void> Hosts::use_credential(const std::string& credential) {
    return Error(ErrorId::usage_unsupported, fmt::format("--credential {}: not for these hosts", credential));
}
inventory::References Hosts::references(std::size_t) {
    return {};
}
void Hosts::fill_credentials(inventory::FillCredential) {}

bool is_pattern(std::string_view text, const InventoryOptions& options) {
    return text.find("://") == std::string_view::npos && !inventory_paths(options).empty();
}

Result<std::unique_ptr<Hosts>> select_from_inventory(std::string_view pattern,
                                                     const target::GivenOptions& given,
                                                     const InventoryOptions& options,
                                                     const SecretWords& secrets, Notify notify,
                                                     bool wants_password) {
    MULLION_ASSIGN(auto inventory, load_inventory(options, secrets));
    const auto& model = inventory->model();
    for (const auto& notice : model.notices()) notify(model.text_of(notice.place) + ": " + notice.text);
    MULLION_ASSIGN(auto hosts, inventory::select_hosts(model, pattern));
    if (hosts.empty())
        return Error(ErrorId::usage_pattern, fmt::format("{}: no host is left of it", pattern));
    return std::unique_ptr<Hosts>(std::make_unique<InventoryHosts>(std::move(inventory), std::move(hosts),
                                                                   given, std::move(notify), wants_password));
}

}  // namespace mullion::cli
