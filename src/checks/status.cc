#include "checks/status.h"

namespace mullion::checks {

std::string_view status_word(Status status) {
    switch (status) {
        case Status::ok:
            return "OK";
        case Status::warning:
            return "WARNING";
        case Status::unknown:
            return "UNKNOWN";
        case Status::critical:
            return "CRITICAL";
    }
    return "UNKNOWN";
}

int exit_code(Status status) {
    switch (status) {
        case Status::ok:
            return 0;
        case Status::warning:
            return 1;
        case Status::critical:
            return 2;
        case Status::unknown:
            break;
    }
    return 3;
}

}  // namespace mullion::checks
