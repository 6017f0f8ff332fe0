#include <algorithm>
#include <array>

#include "exporter/collectors/all.h"

namespace mullion::exporter {
namespace {

constexpr std::array all = {&cpu_collector,
                            &cpu_info_collector,
                            &logical_disk_collector,
                            &memory_collector,
                            &net_collector,
                            &os_collector,
                            &pagefile_collector,
                            &physical_disk_collector,
                            &process_collector,
                            &service_collector,
                            &system_collector,
                            &tcp_collector,
                            &terminal_services_collector,
                            &time_collector,
                            &udp_collector};

}  // namespace

std::span<const Collector* const> collectors() {
    return all;
}

const Collector* find_collector(std::string_view name) {
    const auto found =
        std::find_if(all.begin(), all.end(), [name](const auto* one) { return one->name == name; });
    return found == all.end() ? nullptr : *found;
}

}  // namespace mullion::exporter
