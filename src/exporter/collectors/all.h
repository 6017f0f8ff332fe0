// One line each; exporter/collectors.cc lists them.
#pragma once

#include "exporter/collector.h"

namespace mullion::exporter {

extern const Collector cpu_collector;
extern const Collector cpu_info_collector;
extern const Collector logical_disk_collector;
extern const Collector memory_collector;
extern const Collector net_collector;
extern const Collector os_collector;
extern const Collector pagefile_collector;
extern const Collector physical_disk_collector;
extern const Collector process_collector;
extern const Collector service_collector;
extern const Collector system_collector;
extern const Collector tcp_collector;
extern const Collector terminal_services_collector;
extern const Collector time_collector;
extern const Collector udp_collector;

}  // namespace mullion::exporter
