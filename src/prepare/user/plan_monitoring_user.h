// `mullion prepare monitoring-user`: an account that may monitor a host, and nothing more.
#pragma once

#include <string>

#include "core/result.h"
#include "prepare/step.h"

namespace mullion::prepare {

struct UserWords {
    std::string user;  // NAME: a local account, made where it is missing. DOMAIN\NAME: one of a domain.
};

// Errors: usage.invalid
[[nodiscard]] Result<Plan> plan_monitoring_user(const UserWords& words);

// The rights on WMI's seven namespaces, for Remote Management Users. `needs` is what each step waits for.
void add_wmi_steps(Plan& plan, const std::string& user, const std::vector<std::string>& needs, Citation cite);

// The five groups of the documents, by SIDs: their names are in the host's language.
struct MonitoringGroup {
    std::string_view sid, name, id;
};
[[nodiscard]] const std::vector<MonitoringGroup>& monitoring_groups();

}  // namespace mullion::prepare
