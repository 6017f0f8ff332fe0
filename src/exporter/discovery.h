// Which hosts Prometheus should scrape, out of an Ansible inventory: what http_sd and file_sd take
// (https://prometheus.io/docs/prometheus/latest/http_sd/).
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/result.h"
#include "exporter/allow_list.h"

namespace mullion::exporter {

struct Discovery {
    std::vector<std::string> inventory;             // Files, folders and connectors, as -i takes them.
    std::vector<std::string> vault_password_files;  // Without them what is vaulted stays so.
    std::string hosts = "all";                      // A host pattern.
    std::map<std::string, std::string> labels;      // A label's name: the variable that it shows.
    // The inventories of its connectors, by their names; asked each time. Null: they cannot be read.
    std::function<Result<std::map<std::string, std::string>>()> connectors = {};
};

struct Discovered {
    std::string json;  // A list of {"targets": […], "labels": {…}}, one for each host.
    std::size_t targets = 0;
    std::size_t other = 0;        // Hosts that are not for WinRM.
    std::size_t not_allowed = 0;  // The list of allowed targets has them not, so a scrape would be refused.
    std::vector<std::string> notices =
        {};  // What is wrong with single hosts, who are left out, or with labels.
};

// Reads files, so it is for workers. Each host has its address, with a port that is not WinRM's own, and the
// labels __meta_mullion_host (its name in the inventory) and __meta_mullion_groups (",all,web,", as
// Prometheus' own discoveries have lists). A variable that is a secret is never shown, whatever the
// configuration says: what is vaulted, and what looks like a key or an address with a password.
// Errors: usage.file, usage.pattern, inventory.…, those of `connectors`
[[nodiscard]] Result<Discovered> discover(const Discovery& settings, const AllowList& allow);

// Empty: it can be a label that a discovery sets. Else why not.
[[nodiscard]] std::string wrong_label(std::string_view name);

}  // namespace mullion::exporter
