// Services that are there and not in the list. An account without rights at a service is told nothing of it,
// and without an error: only what else the host says can show it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "checks/rows.h"
#include "doctor/monitoring/grants.h"
#include "doctor/monitoring/layers.h"
#include "wsman/values.h"

namespace mullion::doctor {
namespace {

using checks::Rows;
using Numbers = std::set<std::string>;

// No rows where they are not all there.
const Rows& whole_answer(Chart& chart, const checks::Ask& question) {
    static const Rows none;
    const auto& told = chart.questions.ask(chart.probes, *chart.way_in, question);
    const auto* rows = std::get_if<Rows>(&told.answer.of);
    return rows == nullptr || told.more ? none : *rows;
}

bool is_listed(const Rows& services, std::string_view name) {
    return std::any_of(services.begin(), services.end(), [&](const auto& row) {
        return wsman::same_ignoring_case(checks::text(row, "Name").value_or(""), name);
    });
}

// Both have answered what was asked here, so they run.
std::vector<std::string> not_listed(const Chart& chart, const Rows& services) {
    std::vector<std::string> names;
    if (chart.as_whom.vendor.find("Microsoft") == std::string::npos) return names;
    for (const std::string_view name : {"Winmgmt", "WinRM"})
        if (!is_listed(services, name)) names.emplace_back(name);
    return names;
}

std::vector<std::string> without_state(const Rows& services) {
    std::vector<std::string> names;
    for (const auto& row : services)
        if (!checks::text(row, "State") || !checks::text(row, "StartMode"))
            names.push_back(checks::text(row, "Name").value_or("?"));
    return names;
}

Numbers hosts_of_services(Chart& chart) {
    const auto asks = questions_of("processes", {}, chart.questions.clock());
    Numbers numbers;
    if (asks.empty()) return numbers;
    for (const auto& row : whole_answer(chart, asks.front()))
        if (wsman::same_ignoring_case(checks::text(row, "Name").value_or(""), "svchost.exe"))
            numbers.insert(checks::text(row, "Handle").value_or(""));
    return numbers;
}

// Each svchost.exe is there for a service. One that still runs, and is no listed service's, is a hidden
// one's.
std::size_t hosts_of_hidden(Chart& chart) {
    auto numbers = hosts_of_services(chart);
    if (numbers.empty()) return 0;
    const auto& services = whole_answer(chart, checks::Query{"Select Name, ProcessId From Win32_Service"});
    if (services.empty()) return 0;
    for (const auto& row : services) numbers.erase(checks::text(row, "ProcessId").value_or(""));
    if (numbers.empty()) return 0;
    constexpr std::size_t most = 50;  // That one query names.
    std::string where;
    std::size_t named = 0;
    for (const auto& number : numbers) {
        if (number.empty() || number.find_first_not_of("0123456789") != std::string::npos) continue;
        if (++named > most) break;
        where += fmt::format("{}Handle = '{}'", where.empty() ? "" : " Or ", number);
    }
    if (where.empty()) return 0;
    return whole_answer(chart, checks::Query{"Select Handle From Win32_Process Where " + where}).size();
}

std::string some_of(const std::vector<std::string>& names) {
    constexpr std::size_t most = 5;
    const auto shown = std::min(names.size(), most);
    auto text =
        fmt::format("{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
    if (names.size() > most) text += fmt::format(" and {} more", names.size() - most);
    return text;
}

}  // namespace

std::optional<Lack> hidden_services(Chart& chart) {
    const auto& services = whole_answer(chart, control_of(chart, Layer::services));
    if (services.empty()) return {};
    std::vector<std::string> seen;
    if (const auto names = not_listed(chart, services); !names.empty())
        seen.push_back(fmt::format("{} {} this and {} not in the list", some_of(names),
                                   names.size() == 1 ? "answers" : "answer",
                                   names.size() == 1 ? "is" : "are"));
    if (const auto names = without_state(services); !names.empty())
        seen.push_back(fmt::format("without a State or StartMode: {}", some_of(names)));
    if (const auto count = hosts_of_hidden(chart); count > 0)
        seen.push_back(
            fmt::format("{} svchost.exe run{} no service of the list", count, count == 1 ? "s" : ""));
    if (seen.empty()) return {};
    Lack lack{.layer = std::string(name_of(Layer::services)), .seen = {}, .causes = {}};
    lack.seen = fmt::format("Win32_Service has {} services, and no error: {}", services.size(),
                            fmt::join(seen, "; "));
    lack.causes = {grant::single_services(chart.subject.user), grant::service_manager(chart.subject.user)};
    return lack;
}

}  // namespace mullion::doctor
