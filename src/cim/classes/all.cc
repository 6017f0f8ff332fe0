#include "cim/classes/classes.h"

namespace mullion::cim {

std::vector<const Provider*> all_providers() {
    return {&data_file(),
            &computer_system(),
            &local_time(),
            &logical_disk(),
            &network_adapter(),
            &network_adapter_configuration(),
            &nt_log_event(),
            &operating_system(),
            &page_file_usage(),
            &perf_cores(),
            &perf_logical_disk(),
            &perf_memory(),
            &perf_network_interface(),
            &perf_physical_disk(),
            &perf_process(),
            &perf_processor(),
            &perf_sessions(),
            &perf_system(),
            &perf_tcp4(),
            &perf_tcp6(),
            &perf_udp4(),
            &perf_udp6(),
            &process(),
            &processor(),
            &service(),
            &utc_time(),
            &volume()};
}

}  // namespace mullion::cim
