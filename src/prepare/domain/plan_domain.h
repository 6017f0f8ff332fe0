// `mullion prepare domain`: what a domain's policies, authority and directory have to have, so that its hosts
// answer WinRM over HTTPS and one account of it may monitor them.
#pragma once

#include <string>

#include "core/result.h"
#include "prepare/step.h"

namespace mullion::prepare {

struct DomainWords {
    std::string domain;
    std::string user;
    std::string gpo = "Enable WinRM";
    std::string enrollment_gpo = "Auto-Enrollment";
    std::string certificate_template = "WinRM";
    std::string allow_from = "any";           // Of the firewall's rule.
    std::string profiles = "domain,private";  // Of it.
    bool no_auto_enrollment = false;          // A policy for it is there already.
};

// Errors: usage.invalid
[[nodiscard]] Result<Plan> plan_domain(const DomainWords& words);

}  // namespace mullion::prepare
