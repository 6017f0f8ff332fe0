#include "prepare/script.h"

#include <fmt/format.h>

#include <algorithm>

#include "prepare/parts.h"
#include "prepare/quote.h"

namespace mullion::prepare {
namespace {

std::string value_text(const Setting& setting) {
    if (const auto* const text = std::get_if<std::string>(&setting.value))
        return text->find('\n') == std::string::npos ? literal(*text) : literal_lines(*text);
    if (const auto* const list = std::get_if<std::vector<std::string>>(&setting.value))
        return literal_list(*list);
    return fmt::format("{}", std::get<std::int64_t>(setting.value));
}

std::string step_text(const Step& step) {
    std::string out = fmt::format("# mullion: step {}\n# {}\n", step.id, comment_text(step.title));
    for (const auto& cite : step.cites) out += fmt::format("# does: {}: {}\n", cite.document, cite.section);
    std::string with;
    for (const auto& setting : step.with)
        with += fmt::format("{}{} = {}", with.empty() ? " " : "; ", setting.name, value_text(setting));
    if (!with.empty()) with += ' ';
    out += fmt::format("Add-Step {} {} {} {} @{{{}}}\n\n", literal(step.id), literal_list(step.needs),
                       literal(step.title), literal(step.kind), with);
    return out;
}

std::string documents_text(const Plan& plan) {
    std::vector<std::string_view> all;
    for (const auto& step : plan.steps)
        for (const auto& cite : step.cites)
            if (std::find(all.begin(), all.end(), cite.document) == all.end()) all.push_back(cite.document);
    std::string out;
    for (const auto document : all) out += fmt::format("#   {}\n", document);
    return out;
}

std::string header(const Plan& plan, Mode mode) {
    std::string out = fmt::format(
        "# mullion {}\n"
        "#\n"
        "# Run it in an elevated PowerShell (2.0 or later) of the host:\n"
        "#   powershell -NoProfile -ExecutionPolicy Bypass -File FILE              {} what stands below\n"
        "#   powershell -NoProfile -ExecutionPolicy Bypass -File FILE -Mode Apply  does it; a second time it "
        "changes "
        "nothing\n"
        "#   powershell -NoProfile -ExecutionPolicy Bypass -File FILE -Mode Check  only says what would "
        "change; exit "
        "code 2 then\n"
        "#   powershell -NoProfile -ExecutionPolicy Bypass -File FILE -Mode Undo   puts back what it "
        "changed, and "
        "nothing else\n"
        "#\n"
        "# What was there before is kept in %ProgramData%\\Mullion\\prepare-{}.xml, for administrators "
        "alone.\n"
        "# Nothing secret stands in here{}.\n"
        "#\n"
        "# When it is done:\n",
        comment_text(plan.command),
        mode == Mode::apply   ? "does"
        : mode == Mode::check ? "checks"
                              : "undoes",
        plan.journal, plan.new_account.empty() ? "" : "; the password of a new account is asked for");
    for (const auto& step : plan.steps) out += fmt::format("#   {}\n", comment_text(step.title));
    const auto documents = documents_text(plan);
    if (!documents.empty()) out += "#\n# After these documents, which each step cites:\n" + documents;
    return out;
}

std::string beginning(const Plan& plan, Mode mode) {
    return fmt::format(
        "\nparam(\n"
        "    [ValidateSet('Apply', 'Check', 'Undo')][string]$Mode = '{}',\n"
        "    [string]$Over = '',\n"
        "    [System.Security.SecureString]$Password = $null\n"
        ")\n\n"
        "Set-StrictMode -Version 2\n"
        "$ErrorActionPreference = 'Stop'\n"
        "$ProgressPreference = 'SilentlyContinue'\n"
        "$MullionName = {}\n\n",
        mode_name(mode), literal(plan.journal));
}

}  // namespace

std::string_view mode_name(Mode mode) {
    switch (mode) {
        case Mode::apply:
            return "Apply";
        case Mode::check:
            return "Check";
        case Mode::undo:
            return "Undo";
    }
    return "Apply";
}

std::string powershell_script(const Plan& plan, Mode mode) {
    std::string out = header(plan, mode) + beginning(plan, mode);
    out += powershell_part("engine");
    for (const auto part : plan.parts) {
        out += '\n';
        out += powershell_part(part);
    }
    out += fmt::format(
        "\n# ---- The steps.\n\n"
        "Write-Host (\"mullion-prepare`t1`t\" + $MullionName + \"`t\" + $Mode)\n\n");
    for (const auto& step : plan.steps) out += step_text(step);
    return out + "# mullion: end of steps\n\nInvoke-Mullion\n";
}

}  // namespace mullion::prepare
