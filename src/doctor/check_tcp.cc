// Whether anything answers at the port; if not, whether it does at WinRM's other one.
#include <fmt/core.h>

#include <array>

#include "doctor/checks.h"

namespace mullion::doctor {
namespace {

constexpr std::uint16_t http_port = 5985, https_port = 5986;

std::string url_at(target::Target target, std::uint16_t port) {
    target.port = port;
    target.scheme = port == http_port ? target::Scheme::http : target::Scheme::https;
    return target.url();
}

void look_at_other_ports(Chart& chart, Finding& finding) {
    const auto& target = chart.subject.target;
    for (const auto port : {http_port, https_port}) {
        if (port == target.port) continue;
        const auto there = chart.probes.connect(port);
        if (!there.ok()) continue;
        finding.seen += fmt::format("; port {} answers", port);
        finding.here.push_back(fmt::format("mullion doctor {}", url_at(target, port)));
    }
}

const std::array<const char*, 2> listeners{"Get-Service WinRM | Format-List Status, StartType",
                                           "winrm enumerate winrm/config/listener"};

void advise(const Chart& chart, Finding& finding) {
    const auto& target = chart.subject.target;
    const auto where = chart.addresses.empty() ? target.host : chart.addresses.front();
    const auto knock = fmt::format("nc -vz {} {}", where, target.port);
    switch (finding.error->id) {
        case ErrorId::net_refused:
            finding.on_host = {listeners.begin(), listeners.end()};
            finding.on_host.emplace_back("winrm quickconfig");
            finding.here.push_back(knock);
            break;
        case ErrorId::net_timeout:
            finding.on_host = {listeners.begin(), listeners.end()};
            finding.on_host.push_back(fmt::format("Test-NetConnection localhost -Port {}", target.port));
            finding.on_host.push_back(
                fmt::format("Get-NetFirewallPortFilter | Where-Object LocalPort -eq {} | "
                            "Get-NetFirewallRule | Format-Table DisplayName, Enabled, Profile, Action",
                            target.port));
            finding.here.push_back(knock);
            break;
        case ErrorId::net_unreachable:
            finding.here.push_back(fmt::format("ip route get {}", where));
            break;
        case ErrorId::net_proxy:
            finding.here.push_back(fmt::format("curl -v --proxytunnel -x http://{} http://{}:{}/",
                                               chart.subject.proxy, target.host, target.port));
            break;
        default:
            break;
    }
}

}  // namespace

Finding check_tcp(Chart& chart) {
    const auto& target = chart.subject.target;
    const auto there = chart.probes.connect({});
    if (there.ok()) {
        if (!chart.subject.proxy.empty())
            return fine(fmt::format("the proxy leads to {} port {}", target.host, target.port));
        return fine(fmt::format("{} answers at port {}", *there, target.port));
    }
    auto finding = failed(there.error());
    advise(chart, finding);
    const bool nobody = there.error().id == ErrorId::net_refused || there.error().id == ErrorId::net_timeout;
    if (nobody && chart.subject.proxy.empty()) look_at_other_ports(chart, finding);
    return finding;
}

}  // namespace mullion::doctor
