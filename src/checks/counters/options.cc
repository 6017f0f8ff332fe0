#include <algorithm>
#include <charconv>

#include "checks/counters/counters.h"

namespace mullion::checks {
namespace {

constexpr std::array<std::string_view, 3> kinds = {"unknown", "warning", "critical"};

std::string long_name(const Block& block, const Counter& counter) {
    auto name = (block.instances ? "instance-" : "") + counter.metric;
    std::replace(name.begin(), name.end(), '.', '-');
    return name;
}

struct Names {
    std::string option;  // Under this one it is kept, and named in errors.
    std::string other;   // Empty: it has no other.
};

Names names_of(const Block& block, const Counter& counter, bool new_names) {
    if (counter.metric.empty()) return {counter.label, {}};
    auto name = long_name(block, counter);
    if (name == counter.label) return {counter.label, {}};  // Of check files; no mode of ours has it.
    if (new_names) return {std::move(name), counter.label};
    return {counter.label, std::move(name)};
}

const std::string& fallback(const Counter& counter, std::string_view kind) {
    if (kind == "unknown") return counter.fallback_unknown;
    return kind == "warning" ? counter.fallback_warning : counter.fallback_critical;
}

void add_thresholds(std::vector<OptionSpec>& options, const Block& block, const Counter& counter,
                    bool new_names) {
    const auto names = names_of(block, counter, new_names);
    for (const auto kind : kinds) {
        const auto prefix = std::string(kind) + "-";
        OptionSpec spec;
        spec.name = prefix + names.option;
        spec.fallback = fallback(counter, kind);
        spec.type_name = counter.condition ? "CONDITION" : "RANGE";
        spec.help = "When " + counter.label + " is " + std::string(kind);
        options.push_back(spec);
        if (names.other.empty()) continue;
        OptionSpec same;
        same.name = prefix + names.other;
        same.type_name = spec.type_name;
        same.help = spec.help;
        same.same_as = spec.name;
        options.push_back(std::move(same));
    }
}

Result<std::optional<Regex>> read_regex(const Words& words, std::string_view option) {
    const auto text = words.text(option);
    if (text.empty()) return std::optional<Regex>();
    MULLION_ASSIGN(auto regex, Regex::compile(text, option));
    return std::optional<Regex>(std::move(regex));
}

bool has_new_names(const Words& words) {
    return words.has("use-new-perfdata") || words.has("output-openmetrics");
}

int precision_of(const Words& words) {
    const auto text = words.text("float-precision");
    int digits = 8;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), digits);
    return read.ec == std::errc() && digits >= 0 ? std::min(digits, 17) : 8;
}

}  // namespace

std::vector<OptionSpec> counter_options(std::span<const Block> blocks, bool new_names) {
    using Kind = OptionSpec::Kind;
    std::vector<OptionSpec> options = {
        {"filter-counters", Kind::value, {}, "REGEX", "Only the counters whose label matches", {}},
        {"filter-counters-block",
         Kind::value,
         {},
         "REGEX",
         "Without the blocks of counters whose name matches",
         {}},
        {"display-ok-counters", Kind::value, {}, "REGEX", "Show these counters also where they are well", {}},
        {"list-counters", Kind::flag, {}, {}, "Name the counters, and ask nobody", {}},
    };
    for (const auto& block : blocks)
        for (const auto& counter : block.counters) add_thresholds(options, block, counter, new_names);
    return options;
}

Result<Counters::Limit> Counters::limit(const Words& words, std::string_view kind, const Block& block,
                                        const Counter& counter) const {
    const auto names = names_of(block, counter, new_names_);
    const auto option = std::string(kind) + "-" + names.option;
    auto text = words.get(option);
    if (!text && !names.other.empty()) text = words.get(std::string(kind) + "-" + names.other);
    std::string given(text.value_or(fallback(counter, kind)));
    Limit limit;
    if (given.empty()) return limit;
    if (counter.condition) {
        MULLION_ASSIGN(limit.condition, Condition::compile(given, option));
        return limit;
    }
    if (words.has("centreon-compat")) given = without_cut_fractions(given);
    limit.range = Range::parse(given);
    if (limit.range) return limit;
    // Where both names are known, Centreon names the new one as soon as metrics have theirs.
    const bool renamed = !new_names_ && has_new_names(words);
    const auto told = renamed ? std::string(kind) + "-" + names.other : option;
    return Error(ErrorId::usage_invalid, "Wrong " + told + " threshold '" + given + "'.");
}

// A filter that was mistyped judges nothing, and would be well for ever.
Result<void> Counters::check_filters(const Words& words) const {
    std::string labels;
    for (const auto& block : blocks_) {
        MULLION_ASSIGN(const bool without, left_out(block_filter_, true, block.name));
        for (const auto& counter : block.counters) {
            MULLION_ASSIGN(const bool filtered, left_out(filter_, false, counter.label));
            if (!without && !filtered) return {};
            labels += (labels.empty() ? "" : ", ") + counter.label;
        }
    }
    const auto option =
        filter_ ? std::string_view("filter-counters") : std::string_view("filter-counters-block");
    return Error(ErrorId::usage_invalid, "--" + std::string(option) + " '" + std::string(words.text(option)) +
                                             "' leaves no counter of this check: " + labels);
}

Result<void> Counters::prepare(const Words& words) {
    listed_ = words.has("list-counters");
    if (listed_) return {};
    precision_ = precision_of(words);
    MULLION_ASSIGN(filter_, read_regex(words, "filter-counters"));
    MULLION_ASSIGN(block_filter_, read_regex(words, "filter-counters-block"));
    MULLION_ASSIGN(shown_, read_regex(words, "display-ok-counters"));
    if ((filter_ || block_filter_) && !words.has("centreon-compat")) MULLION_TRY(check_filters(words));
    for (const auto& block : blocks_)
        for (const auto& counter : block.counters) {
            auto& limits = limits_[&counter];
            MULLION_ASSIGN(limits.unknown, limit(words, "unknown", block, counter));
            MULLION_ASSIGN(limits.warning, limit(words, "warning", block, counter));
            MULLION_ASSIGN(limits.critical, limit(words, "critical", block, counter));
        }
    return {};
}

void Counters::list(Report& report) const {
    std::string names = "counter list:";
    std::string options;
    for (const auto& block : blocks_)
        for (const auto& counter : block.counters) {
            names += " " + counter.label;
            auto macro = counter.label;
            macro.erase(std::remove(macro.begin(), macro.end(), '-'), macro.end());
            std::transform(macro.begin(), macro.end(), macro.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c; });
            options += " --warning-" + counter.label + "='$_SERVICEWARNING" + macro + "$' --critical-" +
                       counter.label + "='$_SERVICECRITICAL" + macro + "$'";
        }
    report.say(Status::ok, names);
    report.line("configuration: " + options);
    report.labelled = false;
}

}  // namespace mullion::checks
