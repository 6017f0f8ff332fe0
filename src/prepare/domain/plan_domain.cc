#include "prepare/domain/plan_domain.h"

#include <algorithm>

#include "prepare/domain/domain_steps.h"
#include "prepare/user/plan_monitoring_user.h"
#include "prepare/values.h"

namespace mullion::prepare {
namespace {

namespace doc = documents;

// Windows' names have no case.
bool same_name(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

Result<DomainNames> check_names(const DomainWords& words) {
    DomainNames names;
    MULLION_ASSIGN(names.domain, check_domain("--domain", words.domain));
    MULLION_ASSIGN(names.user, check_account("--user", words.user, false));
    MULLION_ASSIGN(names.gpo, check_name("--gpo", words.gpo));
    MULLION_ASSIGN(names.enrollment_gpo, check_name("--enrollment-gpo", words.enrollment_gpo));
    MULLION_ASSIGN(names.certificate_template, check_name("--template", words.certificate_template));
    if (same_name(names.gpo, names.enrollment_gpo))
        return Error(ErrorId::usage_invalid,
                     "--gpo and --enrollment-gpo are two policies: give them two names");
    if (words.no_auto_enrollment && words.enrollment_gpo != DomainWords().enrollment_gpo)
        return Error(ErrorId::usage_invalid, "--enrollment-gpo is not made with --no-auto-enrollment");
    return names;
}

}  // namespace

Result<Plan> plan_domain(const DomainWords& words) {
    MULLION_ASSIGN(const auto names, check_names(words));
    Plan plan{"prepare domain --domain " + names.domain + " --user " + names.user,
              "domain-" + names.domain,
              {"wsman", "account", "rights", "firewall", "domain"},
              {},
              names.user};
    plan.steps.push_back(
        {"domain",
         {},
         "The domain " + names.domain + " is reached, and the tools to change it are there",
         "DomainTools",
         {{"Domain", names.domain}},
         {{doc::domain, "Enable & configure WinRM through a GPO: Open the Group Policy Manager"}}});
    add_policy_object(
        plan, names, names.gpo, "gpo",
        {doc::domain,
         "Enable & configure WinRM through a GPO: Create a GPO in this domain, and link it here"},
        {doc::domain,
         "Create an auto-enroll certificate template, Active Directory Server: set the Enable WinRM rule to "
         "Enforced"});
    add_winrm_policies(plan, names);
    MULLION_TRY(add_firewall_policy(plan, names, words));
    add_template(plan, names);
    if (!words.no_auto_enrollment) add_auto_enrollment(plan, names);
    MULLION_TRY(add_listener_script(plan, names));
    add_account(plan, names);
    add_dcom_policies(plan, names);
    add_wmi_steps(plan, names.domain + "\\" + names.user, {"user"},
                  {doc::domain, "Configure WMI permissions"});
    return plan;
}

}  // namespace mullion::prepare
