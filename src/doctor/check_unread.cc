// What is not asked for by itself, and says so: CIM, and how much of a quota is used.
#include <fmt/core.h>

#include "doctor/checks.h"

namespace mullion::doctor {

namespace {

// WinRM 2.0, of Windows Server 2008 R2, lets an account have little at a time.
std::string small_quotas(const Chart& chart) {
    if (!chart.subject.monitoring || chart.as_whom.version.find("Stack: 2.") == std::string::npos)
        return "none was met";
    return "none was met; WinRM 2.0 lets an account have 15 operations and 5 shells at a time: ask it one "
           "thing after "
           "the other, as mullion check does";
}

}  // namespace

Finding check_cim(Chart&) {
    return not_checked("asked with --for check alone");
}

Finding check_quota(Chart& chart) {
    const bool by_shell = !chart.subject.monitoring;
    if (const auto trouble = chart.trouble_of("shell"); by_shell && !trouble.empty() && !chart.quota)
        return skipped_because(trouble);
    if (!chart.quota) return not_checked(small_quotas(chart));
    auto finding = failed(*chart.quota);
    finding.seen += " (MaxConcurrentOperationsPerUser)";
    finding.on_host = {"winrm get winrm/config/service   # MaxConcurrentOperationsPerUser",
                       "Set-Item WSMan:\\localhost\\Service\\MaxConcurrentOperationsPerUser 4294967295",
                       "Restart-Service WinRM"};
    return finding;
}

}  // namespace mullion::doctor
