#include "prepare/user/plan_monitoring_user.h"

#include <fmt/core.h>

#include <array>

#include "encoding/hex.h"
#include "prepare/values.h"
#include "rights/descriptor.h"
#include "rights/well_known.h"

namespace mullion::prepare {
namespace {

namespace doc = documents;

// Rights on a namespace of WMI, wbemcli.h: WBEM_ENABLE, WBEM_METHOD_EXECUTE, WBEM_REMOTE_ACCESS,
// READ_CONTROL.
constexpr std::int64_t enable_account = 0x1;
constexpr std::int64_t execute_methods = 0x2;
constexpr std::int64_t remote_enable = 0x20;
constexpr std::int64_t monitoring_rights =
    enable_account | execute_methods | remote_enable | rights::read_control;

struct Namespace {
    std::string_view path;
    std::string_view id;
};
// Each by itself: rights are not handed down.
constexpr std::array namespaces{
    Namespace{"root", "wmi-root"},
    Namespace{"root\\cimv2", "wmi-cimv2"},
    Namespace{"root\\default", "wmi-default"},
    Namespace{"root\\rsop", "wmi-rsop"},
    Namespace{"root\\rsop\\computer", "wmi-rsop-computer"},
    Namespace{"root\\wmi", "wmi-wmi"},
    Namespace{"root\\cimv2\\Security\\MicrosoftTpm", "wmi-tpm"},
};

std::string remote_management_users() {
    return rights::sids::remote_management_users.text();
}

// A file's name for an account of any letters, and another one for each account.
std::string journal_name(std::string_view user) {
    std::string out = "monitoring-user-";
    for (const char c : user) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           c == '.' || c == '-';
        out += plain ? std::string(1, c) : "_" + encoding::to_hex(std::string_view(&c, 1));
    }
    return out;
}

Step account_step(const std::string& user) {
    if (user.find('\\') != std::string::npos)
        return {"account",
                {},
                fmt::format("The account {} is known here (it is made in its domain)", user),
                "KnownAccount",
                {{"User", user}},
                {{doc::local, "Dedicated User configuration: Create user"}}};
    return {"account",
            {},
            fmt::format("There is a local account {}", user),
            "LocalUser",
            {{"User", user}},
            {{doc::local, "Dedicated User configuration: Create user"}}};
}

void add_group_steps(Plan& plan, const std::string& user) {
    for (const auto& group : monitoring_groups())
        plan.steps.push_back({std::string(group.id),
                              {"account"},
                              fmt::format("{} is in {} ({})", user, group.name, group.sid),
                              "GroupMember",
                              {{"User", user}, {"Group", std::string(group.sid)}},
                              {{doc::local, "Dedicated User configuration: Group configuration"}}});
}

// A mask of 32 bits as PowerShell's [int], which has a sign.
std::int64_t as_int(rights::AccessMask mask) {
    return static_cast<std::int32_t>(mask);
}

Step root_sddl_step(const std::string& user) {
    return {"root-sddl",
            {"account"},
            "Remote Management Users may read and execute in WinRM's RootSDDL",
            "RootSddl",
            {{"User", user},
             {"Group", remote_management_users()},
             {"Mask", as_int(rights::generic_read | rights::generic_execute)}},
            {{doc::local, "Allow script execution: winrm configSDDL default"},
             {doc::remote_management, "Non-Administrator Accounts: winrm configSDDL default"}}};
}

Step service_manager_step(const std::string& user) {
    return {
        "service-manager",
        {"account"},
        fmt::format("{} may list services: (A;;CCLCRPRC;;;SID) in D: of the service manager's SDDL", user),
        "ServiceManager",
        {{"User", user}},
        {{doc::local, "Grant permissions about services: Retrieve the user SID"},
         {doc::local, "Grant permissions about services: Retrieve current SDDL for Service Control Manager"},
         {doc::local, "Grant permissions about services: Modify SDDL"},
         {doc::local, "Grant permissions about services: Set security credentials"}}};
}

}  // namespace

const std::vector<MonitoringGroup>& monitoring_groups() {
    static const std::array sids{
        rights::sids::distributed_com_users.text(), rights::sids::event_log_readers.text(),
        rights::sids::performance_log_users.text(), rights::sids::performance_monitor_users.text(),
        rights::sids::remote_management_users.text()};
    static const std::vector<MonitoringGroup> groups{
        {sids[0], "Distributed COM Users", "group-distributed-com-users"},
        {sids[1], "Event Log Readers", "group-event-log-readers"},
        {sids[2], "Performance Log Users", "group-performance-log-users"},
        {sids[3], "Performance Monitor Users", "group-performance-monitor-users"},
        {sids[4], "Remote Management Users", "group-remote-management-users"}};
    return groups;
}

void add_wmi_steps(Plan& plan, const std::string& user, const std::vector<std::string>& needs,
                   Citation cite) {
    for (const auto& space : namespaces)
        plan.steps.push_back(
            {std::string(space.id),
             needs,
             fmt::format(
                 "Remote Management Users may use {} (Enable Account, Execute Methods, Remote Enable, Read "
                 "Security; not handed down)",
                 space.path),
             "WmiNamespace",
             {{"User", user},
              {"Group", remote_management_users()},
              {"Namespace", std::string(space.path)},
              {"Mask", monitoring_rights}},
             {cite}});
}

Result<Plan> plan_monitoring_user(const UserWords& words) {
    MULLION_ASSIGN(const auto user, check_account("--user", words.user, true));
    Plan plan{"prepare monitoring-user --user " + user,
              journal_name(user),
              {"wsman", "account", "rights"},
              {},
              user.find('\\') == std::string::npos ? user : std::string()};
    plan.steps.push_back(account_step(user));
    add_group_steps(plan, user);
    add_wmi_steps(plan, user, {"account"},
                  {doc::local, "Dedicated User configuration: WMI access configuration"});
    plan.steps.push_back(root_sddl_step(user));
    plan.steps.push_back(service_manager_step(user));
    return plan;
}

}  // namespace mullion::prepare
