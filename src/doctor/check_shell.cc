// Whether the account may open a shell and run something in it, and whether PowerShell is in order there.
#include <fmt/core.h>
#include <fmt/ranges.h>

#include "doctor/checks.h"
#include "doctor/module_path.h"
#include "wsman/fault.h"

namespace mullion::doctor {
namespace {

// Understood by cmd and by sh.
constexpr const char* harmless = "echo mullion";

Finding no_way_in(const Chart& chart) {
    for (const auto& route : chart.subject.routes) {
        const auto name = name_of(route);
        if (const auto trouble = chart.trouble_of(name); !trouble.empty()) return skipped_because(trouble);
    }
    return not_checked("nothing logged on");
}

// mullion serve --pam: rights are not what is missing (ADR 36).
bool is_of_pam(const Error& error) {
    return error.detail.find("PAM refused a session") != std::string::npos;
}

void advise(const Chart& chart, Finding& finding) {
    const auto& user = chart.subject.user;
    switch (finding.error->id) {
        case ErrorId::wsman_access_denied:
            if (is_of_pam(*finding.error)) {
                finding.on_host = {"journalctl -u mullion   # PAM's own reason",
                                   "chage -l LINUXUSER   # an account that has expired; mullion user list "
                                   "shows whose Linux user it is",
                                   "cat /etc/pam.d/mullion   # account and session: which module says no"};
                break;
            }
            finding.on_host = {
                fmt::format("Add-LocalGroupMember -Group 'Remote Management Users' -Member '{}'", user),
                fmt::format("Add-LocalGroupMember -Group 'Administrators' -Member '{}'   # where it must be",
                            user),
                "winrm configSDDL default   # grants Read and Execute without either group"};
            break;
        case ErrorId::wsman_quota:
            finding.on_host = {"winrm enumerate shell   # whose shells are open",
                               "winrm get winrm/config/winrs   # MaxShellsPerUser and the others",
                               "Set-Item WSMan:\\localhost\\Shell\\MaxShellsPerUser 60"};
            break;
        case ErrorId::run_module_path:
            finding.on_host = {"[Environment]::GetEnvironmentVariable('PSModulePath', 'Machine')",
                               "[Environment]::SetEnvironmentVariable('PSModulePath', 'PATHS WITHOUT THE "
                               "SHARE', 'Machine')   # KB4076842"};
            finding.here = {"--transport credssp, or --transport kerberos --kerberos-delegation"};
            break;
        default:
            break;
    }
}

Finding failed_shell(const Chart& chart, Error error) {
    auto finding = failed(std::move(error));
    advise(chart, finding);
    return finding;
}

// Operations are the account's, shells one kind of them: then it is the quota check that failed.
bool is_of_operations(const Error& error) {
    return error.id == ErrorId::wsman_quota && error.wsman_code == wsman::code::quota_operations;
}

Finding met_quota(Chart& chart, Error error) {
    const bool opened = error.step != "create shell";
    chart.quota = std::move(error);
    if (opened) return fine("a shell was opened");
    return skipped_because("quota");
}

}  // namespace

Finding check_shell(Chart& chart) {
    if (!chart.way_in) return no_way_in(chart);
    auto ran = chart.probes.run(*chart.way_in, harmless);
    if (!ran.ok() && is_of_operations(ran.error())) return met_quota(chart, std::move(ran).error());
    if (!ran.ok()) return failed_shell(chart, std::move(ran).error());
    auto seen = fmt::format("`{}` gave exit code {}", harmless, ran->exit_code);
    if (chart.as_whom.vendor.find("Microsoft") == std::string::npos) return fine(std::move(seen));
    auto shell = chart.probes.run(*chart.way_in, module_probe());
    if (!shell.ok() && is_of_operations(shell.error())) return met_quota(chart, std::move(shell).error());
    if (!shell.ok()) return failed_shell(chart, std::move(shell).error());
    const auto shares = fmt::format("{}", fmt::join(shares_in(shell->output), ", "));
    if (tells_module_failure(shell->errors) || tells_module_failure(shell->output))
        return failed_shell(
            chart, Error(ErrorId::run_module_path,
                         shares.empty() ? "PSModulePath could not be read" : "PSModulePath has " + shares));
    if (shell->exit_code != 0) return fine(fmt::format("{}; powershell gave {}", seen, shell->exit_code));
    if (!shares.empty()) seen += ", PSModulePath has " + shares;
    return fine(seen + "; powershell loads its modules");
}

}  // namespace mullion::doctor
