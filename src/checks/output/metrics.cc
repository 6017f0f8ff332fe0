#include "checks/output/metrics.h"

#include "checks/output/plan.h"
#include "checks/threshold.h"

namespace mullion::checks {
namespace {

std::string joined(const std::vector<std::string>& words, char by) {
    std::string text;
    for (const auto& word : words) {
        if (!text.empty() || &word != &words.front()) text += by;
        text += word;
    }
    return text;
}

// 'instance~instance#name', or as it was before that: 'label_instance'.
std::string label_of(const Perfdatum& datum, bool new_names) {
    const bool fresh = new_names || datum.legacy.empty();
    std::string label = fresh ? datum.name : datum.legacy;
    if (!datum.instances.empty())
        label =
            fresh ? joined(datum.instances, '~') + "#" + label : label + "_" + joined(datum.instances, '_');
    std::string quoted;
    for (const char c : label) quoted += c == '\'' ? std::string("''") : std::string(1, c);
    return quoted;
}

ShownMetric shown(const Perfdatum& datum, bool new_names) {
    return {label_of(datum, new_names),
            datum.value,
            datum.unit,
            datum.warning,
            datum.critical,
            datum.min,
            datum.max,
            datum.name,
            datum.instances};
}

bool alerts(const ShownMetric& metric) {
    for (const auto* text : {&metric.warning, &metric.critical}) {
        const auto range = Range::parse(*text);
        if (range && range->alerts(numeric(metric.value))) return true;
    }
    return false;
}

std::optional<std::string> variable(const ShownMetric& metric, std::string_view name) {
    if (name == "label") return metric.label;
    if (name == "value") return metric.value;
    if (name == "unit") return metric.unit;
    if (name == "warning") return metric.warning;
    if (name == "critical") return metric.critical;
    if (name == "min") return metric.min;
    if (name == "max") return metric.max;
    if (name == "nlabel") return metric.name;
    if (name == "alert_triggered") return alerts(metric) ? "1" : "0";
    return {};
}

Result<bool> kept(const ShownMetric& metric, const OutputPlan& plan) {
    if (plan.filter) {
        MULLION_ASSIGN(const bool found, plan.filter->matches(metric.label));
        if (!found) return false;
    }
    if (!plan.filter_condition) return true;
    return plan.filter_condition->holds([&](std::string_view name) { return variable(metric, name); });
}

// "0:80" as "80", "@-0.0:5" as "@5".
std::string without_zero(const std::string& range) {
    const auto first = range.find_first_not_of("@-");
    const auto end = range.find_first_not_of("0.", first);
    const bool zero =
        first != std::string::npos && end != std::string::npos && end > first && range[end] == ':';
    if (!zero) return range;
    return (range.front() == '@' ? "@" : "") + range.substr(end + 1);
}

void change_ranges(ShownMetric& metric, int how) {
    for (auto* text : {&metric.warning, &metric.critical}) {
        if (how == 1) *text = without_zero(*text);
        if (how == 2) text->clear();
    }
}

}  // namespace

Result<std::vector<ShownMetric>> shown_metrics(const Report& report, bool new_names, const OutputPlan& plan) {
    std::vector<ShownMetric> all;
    all.reserve(report.metrics.size());
    for (const auto& datum : report.metrics) all.push_back(shown(datum, new_names));
    MULLION_TRY(extend(plan.extensions, plan.compat, all));
    MULLION_TRY(explode(plan.explosions, all));
    std::vector<ShownMetric> result;
    for (auto& metric : all) {
        MULLION_ASSIGN(const bool keep, kept(metric, plan));
        if (!keep) continue;
        if (plan.units) {
            MULLION_ASSIGN(const bool unit, plan.units->matches(metric.unit));
            if (!unit) metric.unit.clear();
        }
        change_ranges(metric, plan.range);
        result.push_back(std::move(metric));
    }
    return result;
}

}  // namespace mullion::checks
