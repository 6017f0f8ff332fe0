#include <array>
#include <mutex>
#include <optional>

#include "checks/mode.h"
#include "checks/modes/all.h"

namespace mullion::checks {
namespace {

struct Entry {
    std::string_view name;
    ModeInfo (*make)();
};

// One line each, by name.
constexpr std::array all{
    Entry{"certificates", certificates_mode},
    Entry{"connect", connect_mode},
    Entry{"cpu", cpu_mode},
    Entry{"disk-io", disk_io_mode},
    Entry{"eventlog", eventlog_mode},
    Entry{"files-date", files_date_mode},
    Entry{"files-size", files_size_mode},
    Entry{"interfaces", interfaces_mode},
    Entry{"list-interfaces", list_interfaces_mode},
    Entry{"list-processes", list_processes_mode},
    Entry{"list-services", list_services_mode},
    Entry{"list-storages", list_storages_mode},
    Entry{"memory", memory_mode},
    Entry{"pages", pages_mode},
    Entry{"pending-reboot", pending_reboot_mode},
    Entry{"processes", processes_mode},
    Entry{"services", services_mode},
    Entry{"sessions", sessions_mode},
    Entry{"storages", storages_mode},
    Entry{"tcp", tcp_mode},
    Entry{"time", time_mode},
    Entry{"updates", updates_mode},
    Entry{"uptime", uptime_mode},
    Entry{"wql", wql_mode},
};

}  // namespace

const std::vector<ModeInfo>& modes() {
    static const auto list = [] {
        std::vector<ModeInfo> made;
        made.reserve(all.size());
        for (const auto& entry : all) made.push_back(entry.make());
        return made;
    }();
    return list;
}

// A check is a process of its own: the options of the other modes are not made for it.
const ModeInfo* find_mode(std::string_view name) {
    static std::array<std::once_flag, all.size()> once;
    static std::array<std::optional<ModeInfo>, all.size()> made;
    for (std::size_t at = 0; at < all.size(); ++at) {
        if (all[at].name != name) continue;
        std::call_once(once[at], [at] { made[at].emplace(all[at].make()); });
        return &*made[at];
    }
    return nullptr;
}

}  // namespace mullion::checks
