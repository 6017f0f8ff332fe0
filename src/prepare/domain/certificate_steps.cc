// Certificates that hosts get by themselves, and the listener that is made of them.
#include <fmt/core.h>

#include "prepare/domain/domain_steps.h"
#include "prepare/host/plan_host.h"
#include "prepare/script.h"

namespace mullion::prepare {
namespace {

namespace doc = documents;

// [MS-CRTD] 2.26: published in the directory, not enrolled again while one is there, enrolled by itself.
constexpr std::int64_t enrollment_flags = 0x8 | 0x10 | 0x20;
// 2.27: the key may be exported; the lowest versions of authority and machine that know the template.
constexpr std::int64_t key_flags = 0x10 | 0x10000 | 0x1000000;
// 2.28: the DNS name as common name and as alternative name, from the directory.
constexpr std::int64_t name_flags = 0x10000000 | 0x8000000;

constexpr std::string_view enrollment_key =
    "HKLM\\SOFTWARE\\Policies\\Microsoft\\Cryptography\\AutoEnrollment";
constexpr std::string_view servers_key = "HKLM\\SOFTWARE\\Policies\\Microsoft\\Cryptography\\PolicyServers";
// SHA-1 of "ldap:", which Windows names the directory's own policy by.
constexpr std::string_view directory_key =
    "HKLM\\SOFTWARE\\Policies\\Microsoft\\Cryptography\\PolicyServers\\37c9dc30f207f27f61a2f7c3aed598a6e2920b"
    "54";

Setting value_of(std::int64_t number) {
    return {"Value", number};
}
Setting value_of(const char* text) {
    return {"Value", std::string(text)};
}

template <class Value>
Step enrollment_step(const DomainNames& names, std::string id, std::string title, std::string_view key,
                     std::string_view name, Value value, Citation cite) {
    const bool of_servers = key != enrollment_key;
    return {std::move(id),
            {of_servers ? "enrollment-directory-id" : "enrollment-gpo"},
            fmt::format("Policy {}: {}", names.enrollment_gpo, title),
            "GpoRegistry",
            {{"Gpo", names.enrollment_gpo},
             {"Domain", names.domain},
             {"Key", std::string(key)},
             {"Name", std::string(name)},
             {"Type", std::is_same_v<Value, std::int64_t> ? "DWord" : "String"},
             value_of(value)},
            {cite}};
}

// Without it clients pass over the directory's policy, so nothing else of it is set where this cannot be.
Step enrollment_id_step(const DomainNames& names, Citation cite) {
    return {
        "enrollment-directory-id",
        {"enrollment-gpo"},
        fmt::format("Policy {}: the directory's enrolment policy has the forest's ID", names.enrollment_gpo),
        "GpoEnrollmentId",
        {{"Gpo", names.enrollment_gpo},
         {"Domain", names.domain},
         {"Key", std::string(directory_key)},
         {"Name", "PolicyID"},
         {"Type", "String"}},
        {cite}};
}

}  // namespace

void add_template(Plan& plan, const DomainNames& names) {
    const auto& name = names.certificate_template;
    plan.steps.push_back(
        {"template",
         {"domain"},
         fmt::format(
             "There is a certificate template {}, a copy of Web Server for machines that enrol by themselves",
             name),
         "CertTemplate",
         {{"Template", name},
          {"Domain", names.domain},
          {"EnrollmentFlags", enrollment_flags},
          {"KeyFlags", key_flags},
          {"NameFlags", name_flags}},
         {{doc::domain,
           "Create an auto-enroll certificate template, Certificate Server: Duplicate Template, General"},
          {doc::domain, "Create an auto-enroll certificate template, Certificate Server: Request Handling"},
          {doc::domain, "Create an auto-enroll certificate template, Certificate Server: Subject Name"}}});
    plan.steps.push_back(
        {"template-rights",
         {"template"},
         fmt::format("Domain Computers may read the template {}, enrol, and enrol by themselves", name),
         "CertTemplateRights",
         {{"Template", name}, {"Domain", names.domain}},
         {{doc::domain, "Create an auto-enroll certificate template, Certificate Server: Security"}}});
    plan.steps.push_back({"template-issued",
                          {"template"},
                          fmt::format("The domain's certification authorities issue the template {}", name),
                          "CertTemplateIssued",
                          {{"Template", name}, {"Domain", names.domain}},
                          {{doc::domain,
                            "Create an auto-enroll certificate template, Certificate Server: Certificate "
                            "Template to Issue"}}});
}

void add_auto_enrollment(Plan& plan, const DomainNames& names) {
    const Citation server{
        doc::domain,
        "Create an auto-enroll certificate template, Active Directory Server: Certificate Enrollment Policy"};
    const Citation enroll{
        doc::domain, "Create an auto-enroll certificate template, Active Directory Server: Auto-Enrollment"};
    add_policy_object(
        plan, names, names.enrollment_gpo, "enrollment-gpo",
        {doc::domain,
         "Create an auto-enroll certificate template, Active Directory Server: create a new policy"},
        {doc::domain, "Create an auto-enroll certificate template, Active Directory Server: Enforced"});
    const auto add = [&](Step step) { plan.steps.push_back(std::move(step)); };
    add(enrollment_id_step(names, server));
    add(enrollment_step(names, "enrollment-servers", "enrolment policies are configured", servers_key,
                        "Flags", std::int64_t{0}, server));
    add(enrollment_step(names, "enrollment-directory-url", "the directory's enrolment policy is used",
                        directory_key, "URL", "LDAP:", server));
    add(enrollment_step(names, "enrollment-directory-name", "the directory's enrolment policy has its name",
                        directory_key, "FriendlyName", "Active Directory Enrollment Policy", server));
    add(enrollment_step(names, "enrollment-directory-flags",
                        "the directory's enrolment policy is for automatic enrolment", directory_key, "Flags",
                        std::int64_t{20}, server));
    add(enrollment_step(names, "enrollment-directory-auth",
                        "the directory's enrolment policy is asked with Kerberos", directory_key, "AuthFlags",
                        std::int64_t{2}, server));
    add(enrollment_step(names, "enrollment-directory-cost",
                        "the directory's enrolment policy is the last resort", directory_key, "Cost",
                        std::int64_t{2147483645}, server));
    // Enabled, renew expired ones, update those that use templates: three bits.
    add(enrollment_step(names, "enrollment-automatic",
                        "certificates are enrolled, renewed and updated by themselves", enrollment_key,
                        "AEPolicy", std::int64_t{7}, enroll));
    add(enrollment_step(names, "enrollment-percent",
                        "what is left of a certificate's life when it is told of: 10 %", enrollment_key,
                        "OfflineExpirationPercent", std::int64_t{10}, enroll));
    add(enrollment_step(names, "enrollment-stores", "the store that is looked at: MY", enrollment_key,
                        "OfflineExpirationStoreNames", "MY", enroll));
}

// The script of `prepare host` with that template is each host's startup script: it makes the listener once
// the certificate is there, and follows it when it is renewed.
Result<void> add_listener_script(Plan& plan, const DomainNames& names) {
    HostWords words;
    words.certificate = "template:" + names.certificate_template;
    words.no_firewall = true;  // The policy's own rule lets it in.
    MULLION_ASSIGN(const auto host, plan_host(words));
    constexpr std::string_view file = "mullion-winrm-listener.ps1";
    const Citation cite{doc::domain,
                        "Create an auto-enroll certificate template, Active Directory Server: the PowerShell "
                        "script, by a GPO"};
    const Citation policy{doc::setup, "Setup WinRM Listener: Using Group Policy Objects"};
    plan.steps.push_back(
        {"listener-script",
         {"gpo"},
         fmt::format("Policy {}: the script that makes each host's HTTPS listener lies in it", names.gpo),
         "GpoFile",
         {{"Gpo", names.gpo},
          {"Domain", names.domain},
          {"File", fmt::format("Scripts\\Startup\\{}", file)},
          {"Text", powershell_script(host, Mode::apply)},
          {"Mark", "# mullion " + host.command},
          {"Hint", "or remove it"},
          {"Extensions", std::vector<std::string>{}}},
         {cite, policy}});
    plan.steps.push_back(
        {"listener-startup",
         {"listener-script"},
         fmt::format("Policy {}: hosts run it when they start", names.gpo),
         "GpoFile",
         {{"Gpo", names.gpo},
          {"Domain", names.domain},
          {"File", "Scripts\\psscripts.ini"},
          {"Text", fmt::format("[Startup]\r\n0CmdLine={}\r\n0Parameters=\r\n", file)},
          {"Mark", ""},
          {"Hint", "in Windows Settings, Scripts, Startup, PowerShell Scripts"},
          {"Extensions",
           std::vector<std::string>{
               "[{42B5FAAE-6536-11D2-AE5A-0000F87571E3}{40B6664F-4972-11D1-A7CA-0000F87571E3}]"}}},
         {cite, policy}});
    return {};
}

}  // namespace mullion::prepare
