#include "checks/check_file/mode.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "checks/bytes.h"
#include "checks/check_file/blocks.h"
#include "checks/check_file/values.h"
#include "checks/filter.h"
#include "checks/nothing.h"
#include "wsman/values.h"

namespace mullion::checks {
namespace {

constexpr std::size_t most_rows = 10'000;
constexpr std::array<std::string_view, 3> kinds = {"critical", "warning", "unknown"};

std::string cut(const std::string& wql) {
    return fit(wql.size() <= 200 ? wql : wql.substr(0, 200) + "...");
}

std::string shown_as(Shown shown, double number, const std::string& text) {
    switch (shown) {
        case Shown::bytes:
            return format_bytes(number);
        case Shown::bits:
            return format_bits(number);
        case Shown::duration:
            return format_duration(number, "d");
        case Shown::number:
            break;
    }
    return text;
}

bool all_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

class CheckFileMode final : public Mode {
public:
    explicit CheckFileMode(std::shared_ptr<const CheckFile> check)
        : check_(std::move(check)), counters_(blocks_of(*check_)) {}

    Result<void> prepare(const Setting& setting) override;
    std::vector<Ask> ask(const Setting& setting, std::span<const Answer> so_far) override;
    Result<void> judge(const Setting& setting, std::span<const Answer> answers, Samples& samples,
                       Report& report) override;

private:
    [[nodiscard]] Result<void> read_filters(const Words& words);
    [[nodiscard]] Result<void> read_empty(const Words& words);
    [[nodiscard]] Result<void> read_conditions(const Words& words);
    [[nodiscard]] Result<void> check_names(const Condition& condition, const std::string& option) const;
    [[nodiscard]] Result<bool> takes(const RowValues& values) const;
    [[nodiscard]] Result<Counted> counted(const RowValues& values, Report& report) const;
    [[nodiscard]] Reading number_of(const CounterRule& rule, const RowValues& values, std::string& gap) const;
    [[nodiscard]] Reading state_of(const CounterRule& rule, const RowValues& values, std::string& gap) const;
    [[nodiscard]] Result<CountedBlock> rows_counted(const Rows& rows, TwoLooks& looks, Report& report,
                                                    std::vector<std::string>& lines);
    void say_empty(bool no_rows, Report& report) const;
    [[nodiscard]] Counted number_of_rows() const;

    std::shared_ptr<const CheckFile> check_;
    Counters counters_;
    Filter include_, exclude_;
    Status empty_ = Status::unknown;
    std::map<std::string, std::vector<std::string>> needed_;  // By label: names that its conditions have.
    std::size_t taken_ = 0;
    bool clock_was_set_ = false;
};

Result<void> CheckFileMode::prepare(const Setting& setting) {
    MULLION_TRY(counters_.prepare(setting.words));
    if (counters_.only_listed()) return {};
    MULLION_TRY(read_filters(setting.words));
    MULLION_TRY(read_empty(setting.words));
    return read_conditions(setting.words);
}

Result<void> CheckFileMode::read_filters(const Words& words) {
    auto given = words;
    if (!words.has("include")) given.set("include", check_->include);
    if (!words.has("exclude")) given.set("exclude", check_->exclude);
    if (check_->instance.empty() && (words.has("include") || words.has("exclude")))
        return Error(ErrorId::usage_invalid, "--include and --exclude are of names, and nothing names a row");
    MULLION_ASSIGN(include_, Filter::of(given, "include"));
    MULLION_ASSIGN(exclude_, Filter::of(given, "exclude"));
    return {};
}

Result<void> CheckFileMode::read_empty(const Words& words) {
    empty_ = check_->empty;
    const auto word = words.text("empty");
    if (word.empty()) return {};
    for (const auto status : {Status::ok, Status::warning, Status::critical, Status::unknown}) {
        if (!wsman::same_ignoring_case(word, status_word(status))) continue;
        empty_ = status;
        return {};
    }
    return Error(ErrorId::usage_invalid,
                 fmt::format("Wrong option --empty '{}' (known: ok, warning, critical, unknown).", word));
}

// A name that nobody knows would be an empty text, and the condition never hold.
Result<void> CheckFileMode::check_names(const Condition& condition, const std::string& option) const {
    if (!check_->properties) return {};
    for (const auto& name : condition.variables()) {
        const bool known =
            name == "instance" || check_->find(name) != nullptr ||
            std::any_of(check_->properties->begin(), check_->properties->end(),
                        [&](const auto& property) { return wsman::same_ignoring_case(property, name); });
        if (!known)
            return Error(
                ErrorId::usage_invalid,
                fmt::format("--{}: %{{{}}} is no value of the check, and no property that it asks for",
                            option, name));
    }
    return {};
}

Result<void> CheckFileMode::read_conditions(const Words& words) {
    for (const auto& rule : check_->counters) {
        if (rule.value) continue;
        auto& needed = needed_[rule.label];
        for (const auto kind : kinds) {
            const auto option = fmt::format("{}-{}", kind, rule.label);
            const auto& fallback = kind == "critical"  ? rule.critical
                                   : kind == "warning" ? rule.warning
                                                       : rule.unknown;
            const std::string text(words.get(option).value_or(fallback));
            if (text.empty()) continue;
            MULLION_ASSIGN(const auto condition, Condition::compile(text, option));
            MULLION_TRY(check_names(condition, option));
            const auto names = condition.variables();
            needed.insert(needed.end(), names.begin(), names.end());
        }
    }
    return {};
}

std::vector<Ask> CheckFileMode::ask(const Setting& setting, std::span<const Answer> so_far) {
    if (!so_far.empty() || counters_.only_listed()) return {};
    std::vector<Ask> asks{Query{check_->wql, check_->cim_namespace}};
    if (check_->two_looks() && !setting.compat) asks.push_back(boot_question());
    return asks;
}

Result<bool> CheckFileMode::takes(const RowValues& values) const {
    MULLION_ASSIGN(const bool included, include_.takes(values.instance()));
    if (!included) return false;
    MULLION_ASSIGN(const bool excluded, exclude_.drops(values.instance()));
    if (excluded) return false;
    if (!check_->only) return true;
    return check_->only->holds([&values](std::string_view name) -> std::optional<std::string> {
        auto found = values.find(name);
        if (found.is != RowValue::Is::there) return {};
        return std::move(found.text);
    });
}

// Also by conditions: what they would be told of is not there.
Reading reading_of_gap(const RowValue& found, std::string& gap) {
    if (found.is == RowValue::Is::first_look) return Reading::first_look();
    gap = found.why;
    return Reading::missing();
}

Template::Lookup lookup_in(const RowValues& values, std::optional<std::string> value = {}) {
    return [&values, value = std::move(value)](std::string_view name) -> std::optional<std::string> {
        if (name == "value" && value) return value;
        auto found = values.find(name);
        if (found.is != RowValue::Is::there) return {};
        return std::move(found.text);
    };
}

Reading CheckFileMode::number_of(const CounterRule& rule, const RowValues& values, std::string& gap) const {
    const auto found = values.reckoned(*rule.value);
    if (found.is != RowValue::Is::there) return reading_of_gap(found, gap);
    const double number = numeric(found.text);
    if (!is_number(found.text) || !std::isfinite(number)) {
        gap = fmt::format("'{}' is no number", fit(found.text));
        return Reading::missing();
    }
    // Whole numbers of 64 bits stay what they are.
    const auto text = rule.decimals            ? fixed(number, *rule.decimals)
                      : all_digits(found.text) ? found.text
                                               : perl_number(number);
    Reading reading;
    reading.number = number;
    reading.text = rule.text.fill(lookup_in(values, shown_as(rule.shown, number, text)));
    reading.metrics = {{.value = text,
                        .unit = rule.unit,
                        .min = rule.min.fill(lookup_in(values)),
                        .max = rule.max.fill(lookup_in(values))}};
    return reading;
}

Reading CheckFileMode::state_of(const CounterRule& rule, const RowValues& values, std::string& gap) const {
    auto needed = needed_.at(rule.label);
    const auto in_text = rule.text.names();
    needed.insert(needed.end(), in_text.begin(), in_text.end());
    if (const auto found = values.gap(needed)) return reading_of_gap(*found, gap);
    Reading reading;
    reading.text = rule.text.fill(lookup_in(values));
    reading.variables = values.all();
    return reading;
}

Result<Counted> CheckFileMode::counted(const RowValues& values, Report& report) const {
    Counted one;
    one.instance = values.instance();
    one.prefix = check_->prefix.fill(lookup_in(values));
    for (const auto& rule : check_->counters) {
        std::string gap;
        one.readings.push_back(rule.value ? number_of(rule, values, gap) : state_of(rule, values, gap));
        if (!gap.empty() && !rule.skip_missing)
            report.say(Status::unknown, fmt::format("{}{}: no value: {}", one.prefix, rule.label, gap));
    }
    return one;
}

void CheckFileMode::say_empty(bool no_rows, Report& report) const {
    if (!check_->empty_text.empty()) {
        report.say(empty_, check_->empty_text);
        return;
    }
    if (!no_rows) {
        report.say(empty_, "No row of the answer is taken: none is of that name");
        return;
    }
    const bool counters = check_->wql.find("PerfRawData") != std::string::npos;
    const auto right = empty_ != Status::unknown ? std::string_view()
                       : counters                ? rights::counters
                                                 : "the account may lack a right there, or nothing is so";
    report.say(empty_, fmt::format("The host returned no row for {}{}{}", cut(check_->wql),
                                   right.empty() ? "" : ": ", right));
}

Counted CheckFileMode::number_of_rows() const {
    const auto number = std::to_string(taken_);
    Reading reading;
    reading.number = static_cast<double>(taken_);
    reading.text = check_->count->text.fill([&number](std::string_view) { return std::optional(number); });
    reading.metrics = {{.value = number, .min = "0"}};
    return {.readings = {std::move(reading)}};
}

Result<CountedBlock> CheckFileMode::rows_counted(const Rows& rows, TwoLooks& looks, Report& report,
                                                 std::vector<std::string>& lines) {
    CountedBlock block;
    std::map<std::string, std::string> long_lines;
    std::set<std::string> names;
    for (const auto& row : rows) {
        auto name = check_->instance.empty() ? std::string() : fit(shown(row, check_->instance));
        RowValues values(*check_, row, std::move(name));
        MULLION_TRY(values.read(looks));
        MULLION_ASSIGN(const bool taken, takes(values));
        if (!taken) continue;
        ++taken_;
        if (check_->counters.empty() && !check_->line) continue;
        if (values.still())
            return malformed("the counters stand still: the host's time in them is that of the last look");
        clock_was_set_ = clock_was_set_ || values.clock_was_set();
        if (!names.insert(values.instance()).second)
            return malformed(check_->instance.empty()
                                 ? "several rows came, and nothing says which property names a row (instance)"
                                 : fmt::format("several rows are named '{}': {} does not tell them apart",
                                               values.instance(), check_->instance));
        if (check_->line) long_lines[values.instance()] = check_->line->fill(lookup_in(values));
        MULLION_ASSIGN(auto one, counted(values, report));
        block.push_back(std::move(one));
    }
    for (auto& [name, line] : long_lines) lines.push_back(std::move(line));
    return block;
}

Result<void> CheckFileMode::judge(const Setting& setting, std::span<const Answer> answers, Samples& samples,
                                  Report& report) {
    if (counters_.only_listed()) {
        counters_.list(report);
        return {};
    }
    const auto& rows = rows_of(answers[0]);
    if (rows.size() > most_rows)
        return malformed(fmt::format("more than {} rows came: say WHERE", most_rows));
    MULLION_ASSIGN(auto looks, TwoLooks::of(setting, samples, answers.size() > 1 ? &answers[1] : nullptr));
    taken_ = 0;
    std::vector<std::string> lines;
    MULLION_ASSIGN(auto block, rows_counted(rows, looks, report, lines));
    if (taken_ == 0) say_empty(rows.empty(), report);
    if (clock_was_set_) {
        say_no_rate(NoRate::clock_was_set, cut(check_->wql), report);
        return {};
    }
    std::vector<CountedBlock> blocks;
    if (!check_->counters.empty()) blocks.push_back(std::move(block));
    if (check_->count) blocks.push_back({number_of_rows()});
    MULLION_TRY(counters_.judge(std::move(blocks), report));
    if (check_->line) report.lines = std::move(lines);
    return {};
}

}  // namespace

ModeInfo check_file_mode(std::shared_ptr<const CheckFile> check) {
    ModeInfo info;
    info.name = "wql";
    info.help = check->help.empty() ? std::string_view("A check of your own.") : check->help;
    info.options = counter_options(blocks_of(*check));
    info.options.push_back({.name = "include",
                            .fallback = check->include,
                            .type_name = "REGEX",
                            .help = "Only the rows whose name matches."});
    info.options.push_back({.name = "exclude",
                            .fallback = check->exclude,
                            .type_name = "REGEX",
                            .help = "Without the rows whose name matches."});
    info.options.push_back({.name = "empty",
                            .type_name = "STATUS",
                            .help = "What it means that no row is there: ok, warning, critical or unknown."});
    info.two_samples = check->two_looks();
    info.series = check->text;
    info.make = [check]() -> std::unique_ptr<Mode> { return std::make_unique<CheckFileMode>(check); };
    return info;
}

}  // namespace mullion::checks
