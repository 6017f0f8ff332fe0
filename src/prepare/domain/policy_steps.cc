// Policies for WinRM: the object, its settings, the firewall, DCOM.
#include <fmt/core.h>

#include <algorithm>

#include "prepare/domain/domain_steps.h"
#include "prepare/values.h"
#include "rights/well_known.h"

namespace mullion::prepare {
namespace {

namespace doc = documents;

constexpr std::string_view service_key = "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\WinRM\\Service";
constexpr std::string_view dcom_key = "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\DCOM";

Step registry_step(const DomainNames& names, std::string id, std::string title, std::string_view name,
                   std::int64_t value, Citation cite) {
    return {std::move(id),
            {"gpo"},
            std::move(title),
            "GpoRegistry",
            {{"Gpo", names.gpo},
             {"Domain", names.domain},
             {"Key", std::string(service_key)},
             {"Name", std::string(name)},
             {"Type", "DWord"},
             {"Value", value}},
            {cite}};
}

Step filter_step(const DomainNames& names, std::string id, std::string_view name) {
    return {std::move(id),
            {"gpo"},
            fmt::format("Policy {}: {} is *", names.gpo, name),
            "GpoRegistry",
            {{"Gpo", names.gpo},
             {"Domain", names.domain},
             {"Key", std::string(service_key)},
             {"Name", std::string(name)},
             {"Type", "String"},
             {"Value", "*"}},
            {{doc::domain, "Enable & configure WinRM through a GPO: IPv4 filter and IPv6 filter"}}};
}

// [MS-GPPREF] 2.2.1.17: the preference for one service.
std::string services_xml() {
    return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n"
           "<NTServices clsid=\"{2CFB484A-4E96-4b5d-A0B6-093D2F91E6AE}\">"
           "<NTService clsid=\"{AB6F0B67-341F-4e51-92F9-005FBFBA1A43}\" name=\"WinRM\" image=\"0\" "
           "changed=\"2020-01-01 00:00:00\" uid=\"{6B1C5C1E-6E0A-4E3F-9C54-2F0A6D2B7A10}\">"
           "<Properties startupType=\"AUTOMATIC\" serviceName=\"WinRM\" serviceAction=\"START\" "
           "timeout=\"30\"/>"
           "</NTService></NTServices>\r\n";
}

Step dcom_step(const DomainNames& names, std::string id, std::string_view name, std::int64_t mask,
               Citation cite) {
    return {std::move(id),
            {"gpo"},
            fmt::format("Policy {}: Distributed COM Users are in {}", names.gpo, name),
            "GpoDcom",
            {{"Gpo", names.gpo},
             {"Domain", names.domain},
             {"Key", std::string(dcom_key)},
             {"Name", std::string(name)},
             {"Group", rights::sids::distributed_com_users.text()},
             {"Mask", mask}},
            {cite}};
}

}  // namespace

void add_policy_object(Plan& plan, const DomainNames& names, const std::string& gpo, const std::string& id,
                       Citation created, Citation enforced) {
    const std::vector<Setting> with{{"Gpo", gpo}, {"Domain", names.domain}};
    plan.steps.push_back({id, {"domain"}, fmt::format("There is a policy {}", gpo), "Gpo", with, {created}});
    plan.steps.push_back({id + "-link",
                          {id},
                          fmt::format("The policy {} is linked to {}", gpo, names.domain),
                          "GpoLink",
                          with,
                          {created}});
    plan.steps.push_back({id + "-enforced",
                          {id + "-link"},
                          fmt::format("The policy {} is enforced", gpo),
                          "GpoEnforced",
                          with,
                          {enforced}});
}

void add_winrm_policies(Plan& plan, const DomainNames& names) {
    const Citation disabled{doc::domain,
                            "Enable & configure WinRM through a GPO: Disable the following rules"};
    const auto title = [&](std::string_view what) { return fmt::format("Policy {}: {}", names.gpo, what); };
    plan.steps.push_back(registry_step(
        names, "policy-allow", title("remote server management through WinRM is allowed"), "AllowAutoConfig",
        1,
        {doc::domain,
         "Enable & configure WinRM through a GPO: Allow remote server management through WinRM"}));
    plan.steps.push_back(filter_step(names, "policy-ipv4-filter", "IPv4Filter"));
    plan.steps.push_back(filter_step(names, "policy-ipv6-filter", "IPv6Filter"));
    plan.steps.push_back(registry_step(names, "policy-no-basic", title("Basic authentication is off"),
                                       "AllowBasic", 0, disabled));
    plan.steps.push_back(registry_step(names, "policy-no-credssp", title("CredSSP authentication is off"),
                                       "AllowCredSSP", 0, disabled));
    plan.steps.push_back(registry_step(names, "policy-no-unencrypted", title("unencrypted traffic is off"),
                                       "AllowUnencryptedTraffic", 0, disabled));
    plan.steps.push_back(
        {"policy-service",
         {"gpo"},
         title("the WinRM service starts by itself, and is started"),
         "GpoFile",
         {{"Gpo", names.gpo},
          {"Domain", names.domain},
          {"File", "Preferences\\Services\\Services.xml"},
          {"Text", services_xml()},
          {"Mark", ""},
          {"Hint", "in Preferences, Control Panel Settings, Services"},
          {"Extensions",
           std::vector<std::string>{
               "[{00000000-0000-0000-0000-000000000000}{CC5746A9-9B74-4BE5-AE2E-64379C86E0E4}]",
               "[{91FBB303-0CD5-4055-BF42-E512A681B325}{CC5746A9-9B74-4BE5-AE2E-64379C86E0E4}]"}}},
         {{doc::domain, "Automatically start the WinRM service through a GPO"}}});
}

Result<void> add_firewall_policy(Plan& plan, const DomainNames& names, const DomainWords& words) {
    MULLION_ASSIGN(const auto from, check_sources("--allow-from", words.allow_from));
    MULLION_ASSIGN(const auto profiles, check_profiles("--profiles", words.profiles));
    std::vector<std::string> sources, profile_names;
    for (std::size_t at = 0; at <= from.size();) {
        const auto end = std::min(from.find(',', at), from.size());
        sources.push_back(from == "*" ? "Any" : from.substr(at, end - at));
        at = end + 1;
    }
    if ((profiles & 1) != 0) profile_names.emplace_back("Domain");
    if ((profiles & 2) != 0) profile_names.emplace_back("Private");
    if ((profiles & 4) != 0) profile_names.emplace_back("Public");
    plan.steps.push_back({"policy-firewall",
                          {"gpo"},
                          fmt::format("Policy {}: the firewall lets port 5986 in", names.gpo),
                          "GpoFirewall",
                          {{"Gpo", names.gpo},
                           {"Domain", names.domain},
                           {"Name", "Mullion WinRM HTTPS"},
                           {"Port", "5986"},
                           {"Profiles", std::move(profile_names)},
                           {"ProfileBits", profiles},
                           {"From", std::move(sources)}},
                          {{doc::domain, "Configure HTTPS WSMAN firewall rule through a GPO"}}});
    return {};
}

// COM_RIGHTS of [MS-DCOM]: execute 1, local 2, remote 4; for launching also activate, local 8 and remote 16.
void add_dcom_policies(Plan& plan, const DomainNames& names) {
    plan.steps.push_back(
        dcom_step(names, "policy-dcom-access", "MachineAccessRestriction", 0x1 | 0x2 | 0x4,
                  {doc::domain, "Configure service user: DCOM: Machine Access Restriction"}));
    plan.steps.push_back(
        dcom_step(names, "policy-dcom-launch", "MachineLaunchRestriction", 0x1f,
                  {doc::domain, "Configure service user: DCOM: Machine Launch Restrictions"}));
}

}  // namespace mullion::prepare
