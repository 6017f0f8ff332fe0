// The providers of this room, one or a family in each file.
#pragma once

#include <vector>

#include "cim/provider.h"

namespace mullion::cim {

[[nodiscard]] const Provider& computer_system();
[[nodiscard]] const Provider& data_file();
[[nodiscard]] const Provider& local_time();
[[nodiscard]] const Provider& logical_disk();
[[nodiscard]] const Provider& network_adapter();
[[nodiscard]] const Provider& network_adapter_configuration();
[[nodiscard]] const Provider& nt_log_event();
[[nodiscard]] const Provider& operating_system();
[[nodiscard]] const Provider& page_file_usage();
[[nodiscard]] const Provider& perf_cores();
[[nodiscard]] const Provider& perf_logical_disk();
[[nodiscard]] const Provider& perf_memory();
[[nodiscard]] const Provider& perf_network_interface();
[[nodiscard]] const Provider& perf_physical_disk();
[[nodiscard]] const Provider& perf_process();
[[nodiscard]] const Provider& perf_processor();
[[nodiscard]] const Provider& perf_sessions();
[[nodiscard]] const Provider& perf_system();
[[nodiscard]] const Provider& perf_tcp4();
[[nodiscard]] const Provider& perf_tcp6();
[[nodiscard]] const Provider& perf_udp4();
[[nodiscard]] const Provider& perf_udp6();
[[nodiscard]] const Provider& process();
[[nodiscard]] const Provider& processor();
[[nodiscard]] const Provider& service();
[[nodiscard]] const Provider& utc_time();
[[nodiscard]] const Provider& volume();

// All of them, by the names of their classes.
[[nodiscard]] std::vector<const Provider*> all_providers();

}  // namespace mullion::cim
