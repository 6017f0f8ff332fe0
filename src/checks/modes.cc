#include <algorithm>

#include "checks/mode.h"
#include "checks/modes/all.h"

namespace mullion::checks {
namespace {

using Make = ModeInfo (*)();

// One line each, by name.
const std::vector<Make>& makers() {
    static const std::vector<Make> all{
        certificates_mode,   connect_mode,        cpu_mode,           eventlog_mode,
        files_date_mode,     files_size_mode,     interfaces_mode,    list_interfaces_mode,
        list_processes_mode, list_services_mode,  list_storages_mode, memory_mode,
        pages_mode,          pending_reboot_mode, processes_mode,     services_mode,
        sessions_mode,       storages_mode,       tcp_mode,           time_mode,
        updates_mode,        uptime_mode,
    };
    return all;
}

}  // namespace

const std::vector<ModeInfo>& modes() {
    static const auto list = [] {
        std::vector<ModeInfo> made;
        made.reserve(makers().size());
        for (const auto make : makers()) made.push_back(make());
        return made;
    }();
    return list;
}

const ModeInfo* find_mode(std::string_view name) {
    const auto& list = modes();
    const auto found =
        std::find_if(list.begin(), list.end(), [&](const ModeInfo& mode) { return mode.name == name; });
    return found == list.end() ? nullptr : &*found;
}

}  // namespace mullion::checks
