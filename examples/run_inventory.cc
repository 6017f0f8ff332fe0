// Hosts, accounts and passwords from an Ansible inventory: run_inventory INVENTORY PATTERN
// VAULT_PASSWORD_FILE|- COMMAND
#include "examples/example.h"
#include "inventory/host_plan.h"
#include "inventory/inventory.h"
#include "inventory/patterns.h"

namespace {

// One host after the other, to keep the example small; run_fleet.cc shows many at a time.
int run_on(mullion::client::Runtime& runtime, mullion::inventory::Reach reach, const char* command_line) {
    const auto name = reach.target.name;
    if (!reach.password) {
        std::cerr << name << ": the inventory has no ansible_password for it\n";
        return 5;
    }
    mullion::auth::Credential credential{reach.target.user, std::move(*reach.password)};
    auto session = mullion::client::Session::make(runtime, std::move(reach.target), std::move(credential));
    if (!session.ok()) {
        example::explain(session.error());
        return 5;
    }
    std::cout << name << ":\n";
    example::Printer printer;
    mullion::client::RunOptions command;
    command.command = command_line;
    return example::report((*session)->run(command, printer));
}

}  // namespace

int main(int count, char** words) {
    if (count != 5) {
        std::cerr << "usage: run_inventory INVENTORY PATTERN VAULT_PASSWORD_FILE|- COMMAND\n";
        return 5;
    }
    mullion::inventory::Sources sources;
    sources.paths = {words[1]};
    if (std::string_view(words[3]) != "-")
        sources.vault_passwords.push_back({"default", words[3], example::read_password(words[3])});
    auto loaded = mullion::inventory::Inventory::load(std::move(sources));
    if (!loaded.ok()) {
        example::explain(loaded.error());
        return 5;
    }
    const auto& inventory = **loaded;
    const auto hosts = mullion::inventory::select_hosts(inventory.model(), words[2]);
    if (!hosts.ok()) {
        example::explain(hosts.error());
        return 5;
    }

    // Flags would go in the middle: they win over variables. Here there are none.
    mullion::inventory::Planner planner(
        inventory, {}, [](const std::string& notice) { std::cerr << "warning: " << notice << '\n'; });
    mullion::client::Runtime runtime;
    int worst = 0;
    for (const auto host : *hosts) {
        auto plan = planner.plan(host);
        if (!plan.ok()) {
            example::explain(plan.error());
            worst = 5;
        } else if (const auto* skip = std::get_if<mullion::inventory::Skip>(&*plan)) {
            std::cout << inventory.model().hosts()[host].name << ": skipped: " << skip->reason << '\n';
        } else {
            auto reach = std::get<mullion::inventory::Reach>(std::move(plan).value());
            worst = std::max(worst, run_on(runtime, std::move(reach), words[4]));
        }
    }
    return worst;
}
