// The account of the domain that monitors.
#include <fmt/core.h>

#include "prepare/domain/domain_steps.h"
#include "prepare/user/plan_monitoring_user.h"

namespace mullion::prepare {

namespace doc = documents;

void add_account(Plan& plan, const DomainNames& names) {
    const std::vector<Setting> with{{"User", names.user}, {"Domain", names.domain}};
    plan.steps.push_back({"user",
                          {"domain"},
                          fmt::format("There is an account {} in {}", names.user, names.domain),
                          "DomainUser",
                          with,
                          {{doc::domain, "Configure service user: Create your user, set up the password"}}});
    plan.steps.push_back(
        {"user-flags",
         {"user"},
         fmt::format(
             "The password of {} never expires, cannot be changed by it, and need not be at the first log-on",
             names.user),
         "DomainUserFlags",
         with,
         {{doc::domain,
           "Configure service user: User must change password at next logon, User cannot change password, "
           "Password never expires"}}});
    for (const auto& group : monitoring_groups())
        plan.steps.push_back(
            {std::string(group.id),
             {"user"},
             fmt::format("{} is in the domain's {} ({})", names.user, group.name, group.sid),
             "DomainMember",
             {{"User", names.user}, {"Group", std::string(group.sid)}, {"Domain", names.domain}},
             {{doc::domain, "Configure service user: member of the following groups"}}});
}

}  // namespace mullion::prepare
