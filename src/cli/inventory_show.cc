#include "cli/inventory_show.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "cli/printable.h"
#include "cli/report_text.h"
#include "inventory/host_plan.h"

namespace mullion::cli {
namespace {

using inventory::HostIndex;
using inventory::Inventory;

std::string dump(const nlohmann::ordered_json& json, int indent) {
    return escaped_json(json.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

std::string field(std::string_view label, const std::string& text) {
    return fmt::format("  {:<11}{}\n", label, printable(text));
}

std::string groups_of(const Inventory& inventory, HostIndex host) {
    std::string names;
    for (const auto group : inventory.groups_of(host))
        names += (names.empty() ? "" : ", ") + inventory.model().groups()[group].name;
    return names;
}

// Where the password would come from. It is not looked at: without the vault's the rest is still worth
// showing.
std::string password_text(const Inventory& inventory, HostIndex host) {
    const auto names = target::names_of(target::password_variable());
    for (auto name = names.rbegin(); name != names.rend(); ++name) {
        const auto* const value = inventory.find(host, name->name);
        if (value != nullptr && !std::holds_alternative<std::monostate>(value->data))
            return fmt::format("{}  {}", name->name, inventory.model().text_of(value->place));
    }
    return "none: the operator's";
}

std::string reach_text(const Inventory& inventory, HostIndex host, const inventory::Reach& reach,
                       const std::vector<inventory::Origin>& origins) {
    const auto& target = reach.target;
    auto text = field("url", target.url()) +
                field("transport", fmt::format("{}", fmt::join(target.transports, ", "))) +
                field("user", target.user.empty()
                                  ? reach.credential.empty() ? "none: give one with -u" : "the credential's"
                                  : target.user) +
                (reach.credential.empty() ? field("password", password_text(inventory, host))
                                          : field("credential", reach.credential));
    std::string_view label = "by";
    for (const auto& origin : origins) {
        text += field(label, fmt::format("{}  {}", origin.variable, inventory.model().text_of(origin.place)));
        label = "";
    }
    return text;
}

std::string plan_text(const Inventory& inventory, HostIndex host,
                      const std::function<void(std::string)>& warn) {
    std::vector<inventory::Origin> origins;
    inventory::Planner planner(inventory, {}, warn, false);
    const auto plan = planner.plan(host, &origins);
    if (!plan.ok())
        return field("error", plan.error().message() + " [" + std::string(plan.error().info().id) + "]");
    if (const auto* const skip = std::get_if<inventory::Skip>(&*plan)) return field("skipped", skip->reason);
    return reach_text(inventory, host, std::get<inventory::Reach>(*plan), origins);
}

inventory::Variables sorted_variables(const Inventory& inventory, HostIndex host) {
    auto variables = inventory.variables(host);
    std::sort(variables.begin(), variables.end(), [](auto& a, auto& b) { return a.name < b.name; });
    return variables;
}

}  // namespace

Result<std::string> variables_json(const Inventory& inventory, HostIndex host, Secrets secrets) {
    auto object = nlohmann::ordered_json::object();
    for (const auto& [name, value] : sorted_variables(inventory, host)) {
        MULLION_ASSIGN(auto json, to_json(inventory, name, value, secrets));
        object[std::string(name)] = std::move(json);
    }
    return dump(object, 4) + "\n";
}

Result<std::string> host_text(const Inventory& inventory, HostIndex host, Secrets secrets,
                              const std::function<void(std::string)>& warn) {
    auto text = printable(inventory.model().hosts()[host].name) + "\n" +
                field("groups", groups_of(inventory, host)) + plan_text(inventory, host, warn);
    const auto variables = sorted_variables(inventory, host);
    if (!variables.empty()) text += "variables\n";
    for (const auto& [name, value] : variables) {
        MULLION_ASSIGN(const auto json, to_json(inventory, name, value, secrets));
        text += fmt::format("  {}: {}  ({})\n", printable(name), printable(dump(json, -1)),
                            printable(inventory.model().text_of(value.place)));
    }
    return text;
}

}  // namespace mullion::cli
