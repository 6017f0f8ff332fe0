#include "service/config/config_faults.h"

namespace mullion::service {

wsman::Fault fault_of(Error error) {
    if (error.id == ErrorId::config_invalid && !error.wsman_code)
        error.wsman_code = wsman::code::config_corrupted;
    if (error.id != ErrorId::config_invalid && error.id != ErrorId::wsman_malformed) {
        error.detail = error.message();
        for (const auto& advice : error.advice) error.detail += " " + advice;
    }
    return wsman::config_fault(error);
}

}  // namespace mullion::service
