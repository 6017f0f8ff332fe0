// What this version cannot read of a host, and says so: CIM, and how much of a quota is used.
#include <fmt/core.h>

#include "doctor/checks.h"

namespace mullion::doctor {

Finding check_cim(Chart&) {
    return not_checked("this version does not speak CIM");
}

Finding check_quota(Chart& chart) {
    if (const auto trouble = chart.trouble_of("shell"); !trouble.empty() && !chart.quota)
        return skipped_because(trouble);
    if (!chart.quota) return not_checked("none was met");
    auto finding = failed(*chart.quota);
    finding.seen += " (MaxConcurrentOperationsPerUser)";
    finding.on_host = {"winrm get winrm/config/service   # MaxConcurrentOperationsPerUser",
                       "Set-Item WSMan:\\localhost\\Service\\MaxConcurrentOperationsPerUser 4294967295",
                       "Restart-Service WinRM"};
    return finding;
}

}  // namespace mullion::doctor
