#include "checks/output/plan.h"

#include <algorithm>
#include <array>

namespace mullion::checks {
namespace {

// At most `most` parts; the last one keeps what is left.
std::vector<std::string> split(std::string_view text, char at, std::size_t most) {
    std::vector<std::string> parts;
    while (parts.size() + 1 < most) {
        const auto end = text.find(at);
        if (end == std::string_view::npos) break;
        parts.emplace_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    parts.emplace_back(text);
    return parts;
}

Error refused(std::string text) {
    return {ErrorId::usage_invalid, std::move(text)};
}

Result<void> read_form(const Words& words, OutputPlan& plan) {
    using Form = OutputPlan::Form;
    plan.disco_format = words.has("disco-format");
    plan.disco_show = words.has("disco-show");
    const bool listed = plan.disco_format || plan.disco_show;
    if (words.has("output-xml") || (listed && !words.has("output-json")))
        plan.form = Form::xml;
    else if (words.has("output-json"))
        plan.form = Form::json;
    else if (words.has("output-openmetrics"))
        plan.form = Form::metrics;
    plan.compat = words.has("centreon-compat");
    plan.debug = words.has("debug");
    plan.debug_stream = words.has("debug-stream");
    plan.verbose = words.has("verbose") || plan.debug;
    plan.labelled = !words.has("output-ignore-label");
    plan.with_metrics = !words.has("output-ignore-perfdata");
    plan.new_names = words.has("use-new-perfdata") || words.has("output-openmetrics");
    plan.mode = words.text("mode");
    plan.file = words.text("output-file");
    return {};
}

Result<void> read_range(const Words& words, OutputPlan& plan) {
    const auto text = words.get("range-perfdata");
    if (!text) return {};
    if (text->empty())
        plan.range = 1;
    else if (text->size() == 1 && text->front() >= '0' && text->front() <= '2')
        plan.range = text->front() - '0';
    else
        return refused("Wrong range-perfdata option '" + std::string(*text) + "'");
    return {};
}

// Counters take what is no number for 8, as Centreon does: thresholds would be compared otherwise than was
// meant.
Result<void> check_precision(const Words& words, const OutputPlan& plan) {
    const auto text = words.text("float-precision");
    const bool digits = text.size() <= 2 && text.find_first_not_of("0123456789") == std::string_view::npos;
    if (digits || plan.compat) return {};
    return refused("--float-precision " + std::string(text) + ": it is a number of digits");
}

// Texts of a host are UTF-8 here, whatever they were on the wire.
Result<void> check_encoding(const Words& words) {
    std::string name = capitals(words.text("source-encoding"));
    std::erase(name, '-');
    if (name.empty() || name == "UTF8") return {};
    return refused("--source-encoding " + std::string(words.text("source-encoding")) +
                   ": what a host sends says itself how it is encoded: leave the option out");
}

Result<void> read_exits(const Words& words, OutputPlan& plan) {
    for (const auto& text : words.all("change-exit")) {
        const auto parts = split(text, '=', 2);
        const bool good = parts.size() == 2 && exit_of(parts[0]) && exit_of(parts[1]);
        if (good)
            plan.exits[capitals(parts[0])] = capitals(parts[1]);
        else if (!plan.compat)
            return refused(
                "--change-exit: '" + text +
                "' is not of the form unknown=critical (known: ok warning critical unknown pending)");
    }
    return {};
}

Result<void> read_explosions(const Words& words, OutputPlan& plan) {
    const auto given = words.all("explode-perfdata-max");
    if (given.empty()) return {};
    if (given.front().empty()) {
        plan.explosions.push_back({});
        return {};
    }
    for (const auto& text : given) {
        const auto parts = split(text, ',', 3);
        if (parts.size() < 2)
            return refused("Wrong explode-perfdata-max option '" + text + "' (syntax: match,value)");
        MULLION_ASSIGN(auto search, Regex::compile(parts[0], "explode-perfdata-max"));
        plan.explosions.push_back({std::move(search), parts[1]});
    }
    return {};
}

Result<void> read_extensions(const Words& words, OutputPlan& plan) {
    using Kind = Extension::Kind;
    constexpr std::array<std::pair<std::string_view, Kind>, 3> options = {
        {{"change-perfdata", Kind::change},
         {"extend-perfdata", Kind::extend},
         {"extend-perfdata-group", Kind::group}}};
    for (const auto& [option, kind] : options)
        for (const auto& text : words.all(option)) {
            MULLION_ASSIGN(auto extension, read_extension(kind, text, option, plan.compat));
            if (extension)
                plan.extensions.push_back(std::move(*extension));
            else if (!text.starts_with(','))
                plan.passed_over.push_back("method in argument '" + text + "' is unknown");
        }
    return {};
}

Result<std::vector<Substitution>> read_changes(const Words& words, std::string_view option) {
    std::vector<Substitution> changes;
    for (const auto& text : words.all(option)) {
        auto parts = split(text, '~', 4);
        parts.resize(3);
        MULLION_ASSIGN(auto pattern, Regex::compile(parts[0], option, parts[2]));
        changes.push_back({std::move(pattern), parts[1]});
    }
    return changes;
}

Result<void> read_instead(const Words& words, OutputPlan& plan) {
    for (const auto& text : words.all("change-output-adv")) {
        auto parts = split(text, ',', 4);
        parts.resize(3);
        if (parts[0].empty()) continue;
        MULLION_ASSIGN(auto condition, Condition::compile(parts[0], "change-output-adv"));
        plan.instead.push_back({std::move(condition), parts[1], exit_of(parts[2])});
    }
    return {};
}

Result<std::optional<Regex>> read_regex(const Words& words, std::string_view option) {
    const auto text = words.get(option);
    if (!text) return std::optional<Regex>();
    MULLION_ASSIGN(auto regex, Regex::compile(*text, option));
    return std::optional<Regex>(std::move(regex));
}

Result<void> read_filters(const Words& words, OutputPlan& plan) {
    MULLION_ASSIGN(plan.filter, read_regex(words, "filter-perfdata"));
    MULLION_ASSIGN(plan.units, read_regex(words, "filter-uom"));
    if (const auto text = words.text("filter-perfdata-adv"); !text.empty()) {
        MULLION_ASSIGN(plan.filter_condition, Condition::compile(text, "filter-perfdata-adv"));
    }
    return {};
}

}  // namespace

std::string capitals(std::string_view word) {
    std::string text(word);
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c & ~0x20);
    return text;
}

std::optional<int> exit_of(std::string_view word) {
    constexpr std::array<std::string_view, 5> words = {"OK", "WARNING", "CRITICAL", "UNKNOWN", "PENDING"};
    const auto* const found = std::find(words.begin(), words.end(), capitals(word));
    if (found == words.end()) return {};
    return static_cast<int>(found - words.begin());
}

Result<OutputPlan> read_plan(const Words& words) {
    OutputPlan plan;
    if (const auto text = words.get("opt-exit")) {
        plan.opt_exit = *text;
        for (char& c : plan.opt_exit)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
        if (!exit_of(plan.opt_exit)) return refused("Unknown value '" + plan.opt_exit + "' for --opt-exit.");
    }
    MULLION_TRY(read_form(words, plan));
    MULLION_TRY(check_encoding(words));
    MULLION_TRY(check_precision(words, plan));
    MULLION_TRY(read_range(words, plan));
    MULLION_TRY(read_exits(words, plan));
    MULLION_TRY(read_explosions(words, plan));
    MULLION_TRY(read_filters(words, plan));
    MULLION_TRY(read_extensions(words, plan));
    MULLION_ASSIGN(plan.short_changes, read_changes(words, "change-short-output"));
    MULLION_ASSIGN(plan.long_changes, read_changes(words, "change-long-output"));
    MULLION_TRY(read_instead(words, plan));
    return plan;
}

}  // namespace mullion::checks
