// The service's configuration, as far as the account may read it; what it says counts for what comes below.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "doctor/checks.h"

namespace mullion::doctor {
namespace {

std::string_view text_of(const Chart& chart, std::string_view path) {
    const auto* value = chart.setting(path);
    return value == nullptr ? std::string_view("?") : std::string_view(value->text);
}

// The ways to log on that are switched on: "Kerberos, Negotiate"
std::string ways(const Chart& chart) {
    constexpr std::string_view section = "Service/Auth/";
    std::vector<std::string> on;
    for (const auto& value : chart.config)
        if (value.path.starts_with(section) && value.text == "true")
            on.push_back(value.path.substr(section.size()));
    return on.empty() ? "none" : fmt::format("{}", fmt::join(on, ", "));
}

std::size_t from_policy(const Chart& chart) {
    std::size_t count = 0;
    for (const auto& value : chart.config) count += value.source == wsman::policy_source;
    return count;
}

std::string told(const Chart& chart) {
    auto seen = fmt::format(
        "authentication {}; AllowUnencrypted {}, CbtHardeningLevel {}, MaxEnvelopeSizekb {}, "
        "MaxShellsPerUser {}, MaxConcurrentOperationsPerUser {}",
        ways(chart), text_of(chart, "Service/AllowUnencrypted"),
        text_of(chart, "Service/Auth/CbtHardeningLevel"), text_of(chart, "MaxEnvelopeSizekb"),
        text_of(chart, "Winrs/MaxShellsPerUser"), text_of(chart, "Service/MaxConcurrentOperationsPerUser"));
    if (const auto count = from_policy(chart); count != 0) seen += fmt::format("; {} set by policy", count);
    return seen;
}

}  // namespace

Finding check_config(Chart& chart) {
    if (!chart.way_in) return not_checked("nothing logged on");
    auto read = chart.probes.config(*chart.way_in);
    if (read.ok()) {
        chart.config = std::move(read).value();
        return fine(told(chart));
    }
    const auto& error = read.error();
    if (error.id == ErrorId::run_interrupted) return failed(error);
    // Reading it is for administrators; everything else works without.
    if (error.id == ErrorId::wsman_access_denied)
        return not_checked(fmt::format("{} may not read it: {}", chart.subject.user, error.detail));
    return not_checked(fmt::format("the host does not tell it: {}",
                                   error.detail.empty() ? error.info().text : error.detail));
}

}  // namespace mullion::doctor
