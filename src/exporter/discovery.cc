#include "exporter/discovery.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

#include "inventory/evaluate.h"
#include "inventory/host_plan.h"
#include "inventory/patterns.h"
#include "inventory/secret_names.h"
#include "inventory/value_text.h"
#include "os/terminal.h"

namespace mullion::exporter {
namespace {

using inventory::HostIndex;
using inventory::Inventory;
using Json = nlohmann::ordered_json;

constexpr std::size_t longest_label = 1'024;
constexpr std::size_t most_notices = 100;
// What an auth reaches by itself.
constexpr std::uint16_t http_port = 5985, https_port = 5986;

Result<std::unique_ptr<Inventory>> load(const Discovery& settings) {
    inventory::Sources sources;
    sources.paths = settings.inventory;
    if (settings.connectors) {
        MULLION_ASSIGN(sources.texts, settings.connectors());
    }
    for (const auto& file : settings.vault_password_files) {
        MULLION_ASSIGN(auto password, os::read_secret_file(file));
        sources.vault_passwords.push_back({"default", file, std::move(password)});
    }
    return Inventory::load(std::move(sources));
}

class Reader {
public:
    Reader(const Inventory& inventory, const Discovery& settings, const AllowList& allow)
        : inventory_(inventory),
          settings_(settings),
          allow_(allow),
          // What its options are to be is the exporter's configuration; a warning about them is none of ours.
          planner_(
              inventory, {}, [](const std::string&) {}, false) {}

    void add(HostIndex host) {
        const auto plan = planner_.plan(host);
        const auto& name = inventory_.model().hosts()[host].name;
        if (!plan.ok()) return notice(fmt::format("{}: {}", name, plan.error().message()));
        const auto* const reach = std::get_if<inventory::Reach>(&*plan);
        if (reach == nullptr) {
            ++found_.other;
            return;
        }
        const auto target = target_of(reach->target);
        if (!allow_.allows(target)) {
            ++found_.not_allowed;
            return notice(fmt::format("{}: {} is not among targets: allow:", name, target.text()));
        }
        Json labels = Json::object();
        labels["__meta_mullion_host"] = name;
        labels["__meta_mullion_groups"] = groups_of(host);
        for (const auto& [label, variable] : settings_.labels) {
            auto text = label_text(host, variable);
            if (!text.empty()) labels[label] = std::move(text);
        }
        list_.push_back({{"targets", Json::array({target.text()})}, {"labels", std::move(labels)}});
        ++found_.targets;
    }

    Discovered take() {
        // An inventory's bytes that are no UTF-8 must not cost the others their place.
        found_.json = list_.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
        return std::move(found_);
    }

private:
    static TargetName target_of(const target::Target& target) {
        TargetName name;
        const auto parsed = parse_target_name(target.host);
        name.host = parsed ? parsed->host : target.host;
        if (target.port != http_port && target.port != https_port) name.port = target.port;
        return name;
    }

    [[nodiscard]] std::string groups_of(HostIndex host) const {
        std::string names = ",";
        for (const auto group : inventory_.groups_of(host))
            names += inventory_.model().groups()[group].name + ',';
        return names;
    }

    // Empty: the host has no such variable, or it is not for others' eyes.
    std::string label_text(HostIndex host, const std::string& variable) {
        const auto* const value = inventory_.find(host, variable);
        if (value == nullptr) return {};
        const auto wrong = [&](std::string_view why) {
            notice(fmt::format("{}: {} is not shown as a label: {}", inventory_.model().hosts()[host].name,
                               variable, why));
            return std::string();
        };
        // Vaulted text stays closed: nobody needs its password for what is not shown.
        if (value->secret || std::holds_alternative<inventory::Vaulted>(value->data))
            return wrong("it is vaulted");
        const auto resolved = inventory::resolve(inventory_, host, *value);
        if (!resolved.ok()) return wrong(resolved.error().message());
        const auto& data = resolved->value.data;
        if (resolved->secret || resolved->value.secret || std::holds_alternative<inventory::Vaulted>(data))
            return wrong("it is vaulted");
        if (std::holds_alternative<inventory::List>(data) || std::holds_alternative<inventory::Map>(data))
            return wrong(fmt::format("it is {}", inventory::kind_of(resolved->value)));
        auto text = inventory::value_text(resolved->value);
        if (inventory::holds_a_secret(text) || holds_a_value_of_a_secret(host, *value, text))
            return wrong("there is a secret in it");
        if (text.size() > longest_label) return wrong("it is too long");
        return text;
    }

    // What is written out in the inventory may be named by a template, over whatever detours.
    [[nodiscard]] bool holds_a_value_of_a_secret(HostIndex host, const inventory::Value& raw,
                                                 std::string_view text) const {
        const auto* const written = std::get_if<std::string>(&raw.data);
        if (written == nullptr || written->find("{{") == std::string::npos) return false;
        for (const auto& [name, value] : inventory_.variables(host)) {
            if (!inventory::names_a_secret(name)) continue;
            const auto secret = inventory::resolve(inventory_, host, value);
            const auto* const known = secret.ok() ? std::get_if<std::string>(&secret->value.data) : nullptr;
            if (known != nullptr && !known->empty() && text.find(*known) != std::string_view::npos)
                return true;
        }
        return false;
    }

    void notice(std::string text) {
        if (found_.notices.size() < most_notices) found_.notices.push_back(std::move(text));
    }

    const Inventory& inventory_;
    const Discovery& settings_;
    const AllowList& allow_;
    inventory::Planner planner_;
    Json list_ = Json::array();
    Discovered found_;
};

bool is_label_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

std::string wrong_label(std::string_view name) {
    if (name.empty() || !std::all_of(name.begin(), name.end(), is_label_character) ||
        (name.front() >= '0' && name.front() <= '9'))
        return "a label is letters, digits and _, and begins with no digit";
    if (name == "__address__" || name == "__name__" || name.starts_with("__meta_mullion_"))
        return "it is set already";
    return {};
}

Result<Discovered> discover(const Discovery& settings, const AllowList& allow) {
    MULLION_ASSIGN(const auto inventory, load(settings));
    MULLION_ASSIGN(const auto hosts, inventory::select_hosts(inventory->model(), settings.hosts));
    Reader reader(*inventory, settings, allow);
    for (const auto host : hosts) reader.add(host);
    return reader.take();
}

}  // namespace mullion::exporter
