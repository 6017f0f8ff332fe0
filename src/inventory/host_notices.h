// What is worth a warning about the variables of hosts, each once for the whole run.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "inventory/inventory.h"

namespace mullion::inventory {

class HostNotices {
public:
    HostNotices(const Inventory& inventory, std::function<void(std::string)> notify);

    // ansible_winrm_ and mullion_ variables that no row of the option table has, with the nearest that is
    // there.
    void look_for_unknown(HostIndex host);
    void deprecated(std::string_view name, std::string_view better, Place place);

private:
    void tell(std::string_view name, Place place, const std::string& text);

    const Inventory& inventory_;
    std::function<void(std::string)> notify_;
    std::vector<std::string_view> unknown_;  // Of the model's names, those that were not told yet.
    std::set<std::string_view> told_;
};

}  // namespace mullion::inventory
