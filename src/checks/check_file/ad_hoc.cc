#include "checks/check_file/ad_hoc.h"

#include <fmt/format.h>

#include <algorithm>

#include "checks/check_file/mode.h"
#include "checks/check_file/reader.h"
#include "checks/modes/all.h"

namespace mullion::checks {
namespace {

constexpr std::size_t most_metrics = 100;

Error wrong(std::string text) {
    return Error(ErrorId::usage_invalid, std::move(text));
}

// "NAME=FORMULA" or "NAME[UNIT]=FORMULA".
struct MetricWords {
    std::string name, unit, formula;
};

Result<MetricWords> split_metric(const std::string& text) {
    const auto equals = text.find('=');
    MetricWords words;
    if (equals != std::string::npos) {
        words.name = text.substr(0, equals);
        words.formula = text.substr(equals + 1);
    }
    if (words.name.ends_with(']')) {
        const auto open = words.name.find('[');
        if (open != std::string::npos) {
            words.unit = words.name.substr(open + 1, words.name.size() - open - 2);
            words.name.resize(open);
        }
    }
    if (!is_metric_name(words.name) || words.formula.empty() || words.unit.size() > 16 ||
        words.unit.find_first_of("0123456789;'\"|= \t\r\n") != std::string::npos)
        return wrong(
            fmt::format("Wrong --metric '{}': NAME=PROPERTY, NAME=TYPE(PROPERTY) or "
                        "NAME[UNIT]=EXPRESSION",
                        text));
    return words;
}

// "disk.queue.length": small letters and dashes.
std::string label_of(std::string_view name) {
    std::string label;
    for (const char c : name) {
        if (c >= 'A' && c <= 'Z')
            label += static_cast<char>(c | 0x20);
        else if (c == '.' || c == '_')
            label += '-';
        else
            label += c;
    }
    return label;
}

// "TYPE(PROPERTY)": a value of that type. Nothing where it is an expression.
std::optional<ValueRule> typed(const std::string& formula, std::size_t number) {
    const auto open = formula.find('(');
    if (open == std::string::npos || !formula.ends_with(')')) return {};
    const auto type = formula.substr(0, open);
    ValueRule rule;
    rule.name = fmt::format("metric_{}", number);
    rule.property = formula.substr(open + 1, formula.size() - open - 2);
    if (!is_cim_name(rule.property)) return {};
    if (type == "difference") {
        rule.kind = ValueRule::Kind::difference;
        return rule;
    }
    const auto known = counter_type(type);
    if (!known) return {};
    set_counter_type(rule, *known);
    return rule;
}

Result<void> add_metric(const std::string& text, CheckFile& check) {
    MULLION_ASSIGN(auto words, split_metric(text));
    CounterRule rule;
    rule.metric = words.name;
    rule.label = label_of(words.name);
    if (!is_label(rule.label)) return wrong(fmt::format("Wrong --metric '{}': its name is no label", text));
    for (const auto& other : check.counters)
        if (other.label == rule.label) return wrong(fmt::format("--metric {} is there twice", words.name));
    rule.unit = words.unit;
    auto formula = words.formula;
    if (is_cim_name(formula)) {
        formula = "%{" + formula + "}";
    } else if (auto value = typed(formula, check.values.size() + 1)) {
        formula = "%{" + value->name + "}";
        check.values.push_back(std::move(*value));
    }
    MULLION_ASSIGN(rule.value, Condition::compile(formula, "metric " + words.name));
    rule.text = Template(fmt::format("{}: %{{value}}{}", words.name, words.unit));
    check.counters.push_back(std::move(rule));
    return {};
}

// Without a metric or a state it is the rows that are counted.
void add_count(CheckFile& check) {
    CounterRule count;
    count.label = "rows";
    count.metric = "rows.count";
    check.count = std::move(count);
}

std::string series_of(const Words& source) {
    std::string text;
    for (const auto& option : check_source_options())
        for (const auto& value : source.all(option.name))
            text += fmt::format("--{}={}:{}\n", option.name, value.size(), value);
    return text;
}

class SourceNeeded final : public Mode {
public:
    Result<void> prepare(const Setting&) override {
        return wrong("it takes --file FILE.yml, or --query with a query of WQL, and says what it judges");
    }
    std::vector<Ask> ask(const Setting&, std::span<const Answer>) override { return {}; }
    Result<void> judge(const Setting& setting, std::span<const Answer>, Samples&, Report&) override {
        return prepare(setting);
    }
};

}  // namespace

const std::vector<OptionSpec>& check_source_options() {
    static const std::vector<OptionSpec> list{
        {.name = "file", .type_name = "FILE", .help = "The check that this file describes (docs/checks.md)."},
        {.name = "query", .type_name = "WQL", .help = "Ask this: SELECT … FROM … WHERE …"},
        {.name = "namespace", .fallback = "root/cimv2", .type_name = "NAME", .help = "Of --query."},
        {.name = "instance", .type_name = "PROPERTY", .help = "What names a row, where several come."},
        {.name = "metric",
         .kind = OptionSpec::Kind::list,
         .type_name = "NAME=FORMULA",
         .help = "A number of each row: NAME=PROPERTY, NAME=TYPE(PROPERTY) with a CounterType or difference, "
                 "or NAME[UNIT]=EXPRESSION over %{PROPERTY}; may be repeated. Thresholds: --warning-NAME, "
                 "dots as "
                 "dashes. Without one the rows are counted."},
        {.name = "status",
         .type_name = "TEXT",
         .help = "A state of each row, with %{PROPERTY} in it; --critical-status and its like say when."},
    };
    return list;
}

Result<std::shared_ptr<const CheckFile>> ad_hoc_check(const Words& source) {
    CheckFile check;
    check.name = "wql";
    check.wql = source.text("query");
    if (check.wql.empty()) return wrong("it takes --file FILE.yml, or --query with a query of WQL");
    if (const auto space = source.text("namespace"); !space.empty()) {
        check.cim_namespace = space;
        std::replace(check.cim_namespace.begin(), check.cim_namespace.end(), '\\', '/');
        if (!is_cim_namespace(check.cim_namespace))
            return wrong(fmt::format("--namespace '{}' is no namespace", space));
    }
    check.instance = source.text("instance");
    if (!check.instance.empty() && !is_cim_name(check.instance))
        return wrong(fmt::format("--instance '{}' is no name of CIM", check.instance));
    const auto metrics = source.all("metric");
    if (metrics.size() > most_metrics) return wrong("there are too many --metric");
    for (const auto& metric : metrics) MULLION_TRY(add_metric(metric, check));
    if (const auto text = source.text("status"); !text.empty()) {
        CounterRule status;
        status.label = "status";
        status.text = Template(text);
        check.counters.push_back(std::move(status));
    }
    if (check.counters.empty()) add_count(check);
    check.text = series_of(source);
    MULLION_TRY(complete(check, {}, {}, {}));
    return std::make_shared<const CheckFile>(std::move(check));
}

ModeInfo ad_hoc_mode(std::shared_ptr<const CheckFile> check) {
    const bool one = check->counters.empty() || (check->counters.size() == 1 && check->counters[0].value);
    auto info = check_file_mode(std::move(check));
    if (!one) return info;
    for (const std::string kind : {"unknown", "warning", "critical"}) {
        for (const auto& option : info.options) {
            if (!option.name.starts_with(kind + "-") || !option.same_as.empty()) continue;
            info.options.push_back(
                {.name = kind, .type_name = "RANGE", .help = option.help, .same_as = option.name});
            break;
        }
    }
    return info;
}

ModeInfo wql_mode() {
    ModeInfo info;
    info.name = "wql";
    info.help = "A check of your own: any class, by a check file or a query.";
    info.options = check_source_options();
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<SourceNeeded>(); };
    info.example =
        "mullion check wql HOST --query \"SELECT Name FROM Win32_Process WHERE Name = 'cmd.exe'\" --empty ok "
        "--warning 5";
    return info;
}

}  // namespace mullion::checks
