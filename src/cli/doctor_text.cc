// Findings for people.
#include <fmt/core.h>

#include "cli/doctor_report.h"
#include "cli/printable.h"
#include "cli/report_text.h"

namespace mullion::cli {
namespace {

void add_lines(std::string& text, std::string_view label, const std::vector<std::string>& lines) {
    for (const auto& line : lines) {
        text += fmt::format("      {:<10}{}\n", label, printable(line));
        label = "";
    }
}

}  // namespace

std::string finding_text(const doctor::Finding& finding) {
    const auto id = finding.error ? fmt::format(" [{}]", finding.error->info().id) : std::string();
    auto text = fmt::format("  {:<18}{:<9}{}{}\n", finding.check, to_string(finding.state),
                            printable(finding.seen), id);
    add_lines(text, "likely:", finding.likely());
    add_lines(text, "on host:", finding.on_host);
    add_lines(text, "here:", finding.here);
    add_lines(text, "next:", finding.next());
    return text;
}

std::string doctor_summary(const Looked& looked) {
    std::string failed, warnings;
    for (const auto& finding : looked.diagnosis.findings) {
        auto& list = finding.state == doctor::State::failed ? failed : warnings;
        if (finding.state != doctor::State::failed && finding.state != doctor::State::warning) continue;
        list += fmt::format("{}{} [{}]", list.empty() ? "" : ", ", finding.check, finding.error->info().id);
    }
    auto text = fmt::format("{}: {}", printable(looked.host), to_string(looked.status));
    if (looked.diagnosis.interrupted) text += ": interrupted";
    if (!failed.empty()) text += ": " + failed;
    if (!warnings.empty()) text += "; warnings: " + warnings;
    return fmt::format("{}, in {}\n", text, seconds(looked.duration));
}

}  // namespace mullion::cli
