// The parts of plan_domain: each adds the steps for one section of the document. Internal to the room.
#pragma once

#include <string>

#include "core/result.h"
#include "prepare/domain/plan_domain.h"
#include "prepare/step.h"

namespace mullion::prepare {

// Checked, and as a script has it.
struct DomainNames {
    std::string domain, user, gpo, enrollment_gpo, certificate_template;
};

void add_policy_object(Plan& plan, const DomainNames& names, const std::string& gpo, const std::string& id,
                       Citation created, Citation enforced);
// "Allow remote server management", filters, what is disabled, and the service's start.
void add_winrm_policies(Plan& plan, const DomainNames& names);
[[nodiscard]] Result<void> add_firewall_policy(Plan& plan, const DomainNames& names,
                                               const DomainWords& words);
void add_template(Plan& plan, const DomainNames& names);
void add_auto_enrollment(Plan& plan, const DomainNames& names);
[[nodiscard]] Result<void> add_listener_script(Plan& plan, const DomainNames& names);
void add_account(Plan& plan, const DomainNames& names);
void add_dcom_policies(Plan& plan, const DomainNames& names);

}  // namespace mullion::prepare
