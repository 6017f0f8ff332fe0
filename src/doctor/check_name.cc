// Which addresses the host's name has.
#include <fmt/core.h>
#include <fmt/ranges.h>

#include "doctor/checks.h"

namespace mullion::doctor {

Finding check_name(Chart& chart) {
    const auto& target = chart.subject.target;
    if (!chart.subject.proxy.empty()) return not_checked("the proxy looks it up");
    auto found = chart.probes.addresses(target.host);
    if (!found.ok()) {
        auto finding = failed(std::move(found).error());
        finding.here = {fmt::format("getent ahosts {}", target.host)};
        return finding;
    }
    chart.addresses = std::move(found).value();
    const bool itself = chart.addresses.size() == 1 && chart.addresses.front() == target.host;
    if (itself) return fine("an address; no name is looked up");
    return fine(fmt::format("{} is {}", target.host, fmt::join(chart.addresses, ", ")));
}

}  // namespace mullion::doctor
