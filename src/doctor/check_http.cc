// Whether WinRM answers at the path: with a 401, to who does not log on.
#include <fmt/core.h>

#include "doctor/checks.h"

namespace mullion::doctor {
namespace {

std::string tls_url(target::Target target) {
    target.scheme = target::Scheme::https;
    return target.url();
}

// A port of TLS hangs up on HTTP, or answers with an alert.
bool may_be_tls(const Error& error) {
    return error.id == ErrorId::net_closed || error.id == ErrorId::http_malformed;
}

void advise(const Chart& chart, Finding& finding) {
    const auto& target = chart.subject.target;
    switch (finding.error->id) {
        case ErrorId::http_tls_port:
            finding.here.push_back(fmt::format("mullion doctor {}", tls_url(target)));
            break;
        case ErrorId::http_not_found:
            finding.on_host.emplace_back("winrm enumerate winrm/config/listener   # URLPrefix is the path");
            finding.here.push_back(fmt::format("--path /wsman, in place of {}", target.path));
            break;
        case ErrorId::http_not_winrm:
        case ErrorId::http_malformed:
        case ErrorId::http_status:
        case ErrorId::http_redirected:
            finding.on_host.emplace_back("winrm enumerate winrm/config/listener");
            finding.here.push_back(
                fmt::format("--port 5985 (http), --port 5986 (https), in place of {}", target.port));
            break;
        case ErrorId::http_busy:
            finding.on_host = {"Get-Service WinRM", "Restart-Service WinRM"};
            finding.here.emplace_back("mullion run --wait-for 60: while the host starts");
            break;
        case ErrorId::net_closed:
        case ErrorId::net_read_timeout:
            finding.on_host = {"Get-Service WinRM",
                               "Get-WinEvent -LogName Microsoft-Windows-WinRM/Operational -MaxEvents 20"};
            break;
        default:
            break;
    }
}

}  // namespace

Finding check_http(Chart& chart) {
    auto answer = chart.probes.http();
    if (!answer.ok()) {
        auto error = std::move(answer).error();
        if (!chart.subject.tls() && may_be_tls(error) && chart.probes.tls_unchecked().ok()) {
            error.id = ErrorId::http_tls_port;
            error.detail += "; it speaks TLS";
        }
        auto finding = failed(std::move(error));
        advise(chart, finding);
        return finding;
    }
    if (answer->refusal) {
        auto finding = failed(*answer->refusal);
        advise(chart, finding);
        return finding;
    }
    chart.http = std::move(answer).value();
    return fine(fmt::format("HTTP {} at {}, as WinRM has it", chart.http->status, chart.subject.target.path));
}

}  // namespace mullion::doctor
