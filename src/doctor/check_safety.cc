// What works, and should not stay so: what can be seen from here, and what the configuration says where it
// was read.
#include <fmt/core.h>

#include <algorithm>

#include "doctor/checks.h"
#include "http/message.h"

namespace mullion::doctor {
namespace {

using auth::Transport;

void look_at_validation(const Chart& chart, std::vector<Finding>& found) {
    const auto& target = chart.subject.target;
    const auto& checks = target.cert_validation;
    if (!chart.subject.tls() || !target.cert_pin.empty() || (checks.chain && checks.name)) return;
    const auto* const what = checks.name    ? "its issuer"
                             : checks.chain ? "its name"
                                            : "neither issuer nor name";
    found.push_back(
        warned(ErrorId::safety_validation,
               fmt::format("{} {} checked", what, checks.name || checks.chain ? "is not" : "is")));
    found.back().here = {"--ca-file FILE", "--cert-pin sha256:HEX"};
}

void look_at_account(const Chart& chart, std::vector<Finding>& found) {
    auto name = chart.subject.user.substr(chart.subject.user.rfind('\\') + 1);
    name = name.substr(0, name.find('@'));
    if (!http::same_without_case(name, "Administrator")) return;
    found.push_back(warned(ErrorId::safety_administrator, chart.subject.user));
    found.back().on_host = {"New-LocalUser mullion -Password (Read-Host -AsSecureString)",
                            "Add-LocalGroupMember -Group 'Remote Management Users' -Member mullion"};
}

void warn_of_clear(std::vector<Finding>& found) {
    found.push_back(warned(ErrorId::safety_unencrypted, "AllowUnencrypted is on"));
    found.back().on_host = {"Set-Item WSMan:\\localhost\\Service\\AllowUnencrypted $false"};
}

// Identify in clear holds nothing that is secret, and is answered only where messages in clear are allowed.
Result<bool> takes_clear(Chart& chart) {
    const auto way = *chart.way_in;
    if (way == Transport::basic || !chart.as_whom.sealed) return true;
    return chart.probes.takes_clear(way);
}

std::optional<Error> look_at_clear(Chart& chart, std::vector<Finding>& found) {
    // Who was known and may nothing has no answer of its own that was sealed, or not.
    if (chart.subject.tls() || !chart.way_in || chart.as_whom.vendor.empty()) return std::nullopt;
    if (*chart.way_in == Transport::basic)
        found.push_back(warned(ErrorId::safety_basic, "basic over " + chart.subject.target.url()));
    const auto clear = takes_clear(chart);
    if (!clear.ok() && clear.error().id == ErrorId::run_interrupted) return clear.error();
    if (!clear.ok() || !*clear) return std::nullopt;
    warn_of_clear(found);
    return std::nullopt;
}

// Over https nobody can see it from here; over http it was seen.
void look_at_config(const Chart& chart, std::vector<Finding>& found) {
    const auto is = [&](std::string_view path, std::string_view text) {
        const auto* value = chart.setting(path);
        return value != nullptr && http::same_without_case(value->text, text);
    };
    const bool said = std::any_of(found.begin(), found.end(), [](const Finding& finding) {
        return finding.error && finding.error->id == ErrorId::safety_unencrypted;
    });
    if (!said && is("Service/AllowUnencrypted", "true")) warn_of_clear(found);
    if (!is("Service/Auth/CbtHardeningLevel", "None")) return;
    found.push_back(warned(ErrorId::safety_binding, "CbtHardeningLevel is None"));
    found.back().on_host = {
        "Set-Item WSMan:\\localhost\\Service\\Auth\\CbtHardeningLevel Relaxed   # or Strict"};
    found.back().here = {fmt::format("mullion config set {} Service/Auth/CbtHardeningLevel=Relaxed",
                                     chart.subject.target.url())};
}

}  // namespace

std::vector<Finding> check_safety(Chart& chart) {
    std::vector<Finding> found;
    look_at_validation(chart, found);
    look_at_account(chart, found);
    if (auto stopped = look_at_clear(chart, found)) found.push_back(failed(std::move(*stopped)));
    look_at_config(chart, found);
    if (found.empty())
        found.push_back(fine(chart.config.empty()
                                 ? "nothing unsafe was seen; the service's own settings were not read"
                                 : "nothing unsafe was seen"));
    return found;
}

}  // namespace mullion::doctor
