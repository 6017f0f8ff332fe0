#include "cim/classes/classes.h"

namespace mullion::cim {

std::vector<const Provider*> all_providers() {
    return {&computer_system(),  &local_time(),      &logical_disk(),
            &operating_system(), &page_file_usage(), &process(),
            &processor(),        &utc_time(),        &volume()};
}

}  // namespace mullion::cim
