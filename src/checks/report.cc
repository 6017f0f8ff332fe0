#include "checks/report.h"

namespace mullion::checks {

Status Report::status() const {
    auto worst = Status::ok;
    for (const auto& text : texts) worst = worse(worst, text.status);
    return worst;
}

}  // namespace mullion::checks
