#include "cim/classes/classes.h"

namespace mullion::cim {

std::vector<const Provider*> all_providers() {
    return {&computer_system(),
            &local_time(),
            &logical_disk(),
            &network_adapter(),
            &network_adapter_configuration(),
            &operating_system(),
            &page_file_usage(),
            &perf_memory(),
            &perf_processor(),
            &perf_system(),
            &process(),
            &processor(),
            &utc_time(),
            &volume()};
}

}  // namespace mullion::cim
