#include <algorithm>

#include "checks/output/forms.h"
#include "checks/output/output.h"
#include "checks/output/plan.h"
#include "core/printable.h"

namespace mullion::checks {
namespace {

// One line break off its end, as Perl's chomp.
std::string chomped(std::string text) {
    if (text.ends_with('\n')) text.pop_back();
    return text;
}

// A host's own words, in which neither a line nor the text ends: behind "|" there are metrics.
std::string in_one_line(std::string_view text) {
    auto line = one_line(text);
    std::replace(line.begin(), line.end(), '|', ' ');
    return line;
}

int exit_number(const OutputPlan& plan, std::string_view status) {
    const auto word = capitals(status);
    const auto changed = plan.exits.find(word);
    return exit_of(changed == plan.exits.end() ? word : changed->second).value_or(3);
}

Result<std::string> substituted(std::string text, const std::vector<Substitution>& changes) {
    for (const auto& change : changes) {
        MULLION_ASSIGN(text, change.pattern.replace(text, change.replacement));
    }
    return text;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    while (!lines.empty() && lines.back().empty()) lines.pop_back();
    return lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (std::size_t i = 0; i < lines.size(); ++i) text += (i == 0 ? "" : "\n") + lines[i];
    return text;
}

// `debug`: those too that are only for that.
std::vector<std::string> lines_with(const Report& report, const OutputPlan& plan, bool debug) {
    std::vector<std::string> lines;
    if (debug) lines = plan.passed_over;
    auto next = debug ? report.debug_lines.begin() : report.debug_lines.end();
    for (std::size_t at = 0; at <= report.lines.size(); ++at) {
        for (; next != report.debug_lines.end() && next->in_front_of == at; ++next)
            lines.push_back(chomped(next->text));
        if (at < report.lines.size()) lines.push_back(chomped(report.lines[at]));
    }
    return lines;
}

Result<std::vector<std::string>> shown_lines(const Report& report, const OutputPlan& plan) {
    // A list is what it has to say, whether asked for more or not.
    if (!plan.verbose && report.labelled) return std::vector<std::string>();
    auto lines = lines_with(report, plan, plan.debug);
    if (plan.long_changes.empty()) return lines;
    MULLION_ASSIGN(const auto text, substituted(joined(lines), plan.long_changes));
    return lines_of(text);
}

Result<Sheet> sheet_of(const Report& report, const ModeInfo& mode, const OutputPlan& plan) {
    Sheet sheet;
    sheet.plugin = plugin_name;
    sheet.mode = mode.name;
    sheet.exit = status_word(report.status());
    sheet.labelled = plan.labelled && report.labelled;
    // Names are a host's own. Centreon lets them end the line, and the next one begin with another status;
    // and behind a "|" of theirs everything would be metrics.
    const bool plain = plan.form == OutputPlan::Form::text && report.labelled && !plan.compat;
    // JSON and XML: the worst first.
    for (const auto status : {Status::critical, Status::warning, Status::unknown, Status::ok})
        for (const auto& text : report.texts)
            if (text.status == status)
                sheet.texts.emplace_back(std::string(status_word(status)),
                                         plain ? in_one_line(chomped(text.text)) : chomped(text.text));
    MULLION_ASSIGN(sheet.lines, shown_lines(report, plan));
    if (!plan.with_metrics) return sheet;
    const bool new_names = mode.new_names || plan.new_names;
    MULLION_ASSIGN(sheet.metrics, shown_metrics(report, new_names, plan));
    if (plain)
        for (auto& metric : sheet.metrics) metric.label = one_line(metric.label);
    return sheet;
}

// The first line, as options change it; the exit code, where they change that too.
Result<std::string> first_line(const Sheet& sheet, const OutputPlan& plan, std::optional<int>& exit) {
    auto line = text_line(sheet);
    const auto number = std::to_string(exit_of(sheet.exit).value_or(3));
    for (const auto& instead : plan.instead) {
        const auto lookup = [&](std::string_view name) -> std::optional<std::string> {
            if (name == "short_output") return line;
            if (name == "exit_code") return number;
            return {};
        };
        MULLION_ASSIGN(const bool holds, instead.condition.holds(lookup));
        if (!holds) continue;
        if (!instead.text.empty()) line = instead.text;
        if (instead.exit_code) exit = instead.exit_code;
    }
    return substituted(std::move(line), plan.short_changes);
}

Result<std::string> as_text(const Sheet& sheet, const OutputPlan& plan, std::optional<int>& exit) {
    MULLION_ASSIGN(auto text, first_line(sheet, plan, exit));
    text += text_metrics(sheet.metrics) + "\n";
    if (!sheet.lines.empty()) text += joined(sheet.lines) + "\n";
    return text;
}

Printed discovered(const Report& report, const OutputPlan& plan) {
    const bool json = plan.form == OutputPlan::Form::json;
    if (plan.disco_format)
        return {json ? attributes_as_json(report.attributes) : attributes_as_xml(report.attributes), 0,
                plan.file};
    return {json ? found_as_json(report.found) : found_as_xml(report.found), 0, plan.file};
}

// --output-openmetrics tells the status as a metric too.
void add_status(Sheet& sheet) {
    ShownMetric metric;
    metric.label = metric.name = "plugin.mode.status";
    metric.value = std::to_string(exit_of(sheet.exit).value_or(3));
    sheet.metrics.push_back(std::move(metric));
}

// Most advice is written for commands that have more options than a check.
std::vector<std::string> advice_of(const Error& error) {
    auto lines = error.all_advice();
    for (auto& line : lines)
        if (line.find("--wait-for") != std::string::npos)
            line = "A host that is booting, or whose service an installer restarts, answers the next check.";
    return lines;
}

// The reason as comments, which Prometheus passes over: nothing at all would look like no metrics.
std::string refusal_as_metrics(Sheet sheet, WallTime now) {
    sheet.exit = capitals(sheet.exit);
    auto text = "# " + text_line(sheet) + "\n";
    for (const auto& line : sheet.lines) text += "# " + one_line(line) + "\n";
    add_status(sheet);
    return text + as_metrics(sheet, now, false);
}

// What a refusal is printed by where the options of the output are what is refused.
OutputPlan plan_for_refusal(const Words& global) {
    auto plan = read_plan(global);
    if (plan) return std::move(*plan);
    OutputPlan plain;
    plain.labelled = !global.has("output-ignore-label");
    plain.mode = global.text("mode");
    return plain;
}

}  // namespace

Result<void> check_output(const Words& global) {
    const auto plan = read_plan(global);
    if (!plan) return plan.error();
    return {};
}

// --debug-stream: the lines as they come up, and so in front of everything.
std::string streamed(const Report& report, const OutputPlan& plan) {
    if (!plan.debug_stream) return {};
    auto text = joined(lines_with(report, plan, true));
    return text.empty() ? text : std::move(text) + "\n";
}

Result<Printed> print_sheet(const Report& report, const ModeInfo& mode, const OutputPlan& plan,
                            WallTime now) {
    if (plan.disco_format || (plan.disco_show && report.status() == Status::ok))
        return discovered(report, plan);
    MULLION_ASSIGN(auto sheet, sheet_of(report, mode, plan));
    Printed printed{{}, exit_number(plan, sheet.exit), plan.file};
    switch (plan.form) {
        case OutputPlan::Form::json:
            printed.text = as_json(sheet);
            break;
        case OutputPlan::Form::xml:
            printed.text = as_xml(sheet);
            break;
        case OutputPlan::Form::metrics:
            add_status(sheet);
            printed.text = as_metrics(sheet, now, plan.compat);
            break;
        case OutputPlan::Form::text: {
            std::optional<int> exit;
            MULLION_ASSIGN(printed.text, as_text(sheet, plan, exit));
            if (exit) printed.exit_code = *exit;
            break;
        }
    }
    return printed;
}

Result<Printed> print(const Report& report, const ModeInfo& mode, const Words& global, WallTime now) {
    MULLION_ASSIGN(const auto plan, read_plan(global));
    MULLION_ASSIGN(auto printed, print_sheet(report, mode, plan, now));
    printed.text.insert(0, streamed(report, plan));
    return printed;
}

Printed print_refusal(const Error& error, const Words& global, std::string_view exit, WallTime now) {
    const auto plan = plan_for_refusal(global);
    const std::string status(exit.empty() ? std::string_view(plan.opt_exit) : exit);
    const bool usage = error.id == ErrorId::usage_invalid;
    Sheet sheet;
    sheet.plugin = plugin_name;
    sheet.mode = plan.mode;
    sheet.exit = status;
    sheet.labelled = plan.labelled;
    sheet.texts.emplace_back(capitals(status), usage ? error.detail : in_one_line(error.message()));
    // Centreon says no more than that of a host; what to do next is worth a line each.
    if (!usage && !plan.compat) sheet.lines = advice_of(error);
    // On the standard output, also where results go to a file: as Centreon does.
    Printed printed{{}, exit_number(plan, status)};
    using Form = OutputPlan::Form;
    if (plan.form == Form::json)
        printed.text = as_json(sheet);
    else if (plan.form == Form::xml)
        printed.text = as_xml(sheet);
    else if (plan.form == Form::metrics && !usage && !plan.compat)
        printed.text = refusal_as_metrics(std::move(sheet), now);
    else if (plan.form == Form::text) {
        sheet.exit = capitals(status);
        auto line = substituted(text_line(sheet), plan.short_changes);
        printed.text = (line ? *line : text_line(sheet)) + "\n";
        if (!sheet.lines.empty()) printed.text += joined(sheet.lines) + "\n";
    }
    return printed;
}

}  // namespace mullion::checks
