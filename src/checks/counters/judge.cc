#include <algorithm>

#include "checks/counters/counters.h"

namespace mullion::checks {
namespace {

// The text of what thresholds are compared with; trouble is said under the counter's name.
std::string trouble(const Counter& counter, Reading::Is is) {
    const auto front = counter.trouble.empty() ? counter.label + " : " : counter.trouble;
    return front + (is == Reading::Is::missing ? "skipped (no value(s))" : "Buffer creation");
}

void append(std::string& to, const std::string& separator, const std::string& text, bool& first) {
    if (!first) to += separator;
    to += text;
    first = false;
}

std::string underscored(std::string label) {
    std::replace(label.begin(), label.end(), '-', '_');
    return label;
}

std::string threshold_text(const std::optional<Range>& range, const Metric& metric) {
    if (!range || !metric.thresholds) return {};
    return range->print(metric.total, metric.whole);
}

}  // namespace

Result<bool> Counters::left_out(const std::optional<Regex>& filter, bool where_it_matches,
                                const std::string& name) const {
    if (!filter) return false;
    MULLION_ASSIGN(const bool found, filter->matches(name));
    return found == where_it_matches;
}

Result<Status> Counters::status(const Limits& limits, const Reading& reading) const {
    const auto variable = [&](std::string_view name) -> std::optional<std::string> {
        for (const auto& [known, value] : reading.variables)
            if (known == name) return value;
        return {};
    };
    const std::array<std::pair<const Limit*, Status>, 3> order = {{{&limits.critical, Status::critical},
                                                                   {&limits.warning, Status::warning},
                                                                   {&limits.unknown, Status::unknown}}};
    for (const auto& [limit, means] : order) {
        if (limit->range && reading.number && limit->range->alerts(*reading.number, precision_)) return means;
        if (!limit->condition) continue;
        MULLION_ASSIGN(const bool holds, limit->condition->holds(variable));
        if (holds) return means;
    }
    return Status::ok;
}

void Counters::add_metrics(const Block& block, const Counter& counter, const Counted& object,
                           const Reading& reading, Report& report) const {
    const auto& limits = limits_.at(&counter);
    for (const auto& metric : reading.metrics) {
        Perfdatum datum;
        datum.name = !metric.name.empty()      ? metric.name
                     : !counter.metric.empty() ? counter.metric
                                               : counter.label;
        if (!new_names_) datum.legacy = !metric.legacy.empty() ? metric.legacy : underscored(counter.label);
        if (block.instances) datum.instances = {object.named.empty() ? object.instance : object.named};
        datum.value = metric.value;
        datum.unit = metric.unit;
        datum.min = metric.min;
        datum.max = metric.max;
        datum.warning = threshold_text(limits.warning.range, metric);
        datum.critical = threshold_text(limits.critical.range, metric);
        report.add(std::move(datum));
    }
}

// What all counters say of one object.
Result<Counters::Said> Counters::say(const Block& block, const Counted& object, Report& report) const {
    Said said;
    bool first = true, first_alert = true;
    for (std::size_t i = 0; i < block.counters.size() && i < object.readings.size(); ++i) {
        const auto& counter = block.counters[i];
        const auto& reading = object.readings[i];
        MULLION_ASSIGN(const bool filtered, left_out(filter_, false, counter.label));
        if (filtered || reading.is == Reading::Is::off) continue;
        said.counted = true;
        if (reading.is == Reading::Is::missing && block.silent_where_missing) continue;
        if (reading.is != Reading::Is::value) {
            append(said.all, block.separator, trouble(counter, reading.is), first);
            continue;
        }
        MULLION_ASSIGN(const auto found, status(limits_.at(&counter), reading));
        said.status = worse(said.status, found);
        bool shown = counter.shown;
        if (!shown && shown_) {
            MULLION_ASSIGN(shown, shown_->matches(counter.label));
        }
        if (shown) append(said.all, block.separator, reading.text, first);
        if (found != Status::ok) append(said.alerting, block.separator, reading.text, first_alert);
        add_metrics(block, counter, object, reading, report);
    }
    return said;
}

Result<void> Counters::say_one(const Block& block, const Counted& object, Report& report) const {
    MULLION_ASSIGN(const auto said, say(block, object, report));
    if (said.status != Status::ok)
        report.say(said.status, object.prefix + said.alerting + object.suffix);
    else if (!said.all.empty())
        report.say(Status::ok, object.prefix + said.all + object.suffix);
    return {};
}

// The objects in the order of their names' bytes, as Perl sorts: CPU 0, 1, 10, 2.
Result<void> Counters::say_many(const Block& block, CountedBlock objects, Report& report) const {
    std::stable_sort(objects.begin(), objects.end(),
                     [](const Counted& a, const Counted& b) { return a.instance < b.instance; });
    const bool many = objects.size() > 1;
    bool counted = false;
    for (const auto& object : objects) {
        MULLION_ASSIGN(const auto said, say(block, object, report));
        counted = counted || said.counted;
        if (!said.all.empty()) report.line(object.prefix + said.all + object.suffix);
        if (said.status != Status::ok) report.say(said.status, object.prefix + said.alerting + object.suffix);
        // Also where nothing is well: it is only shown when everything is.
        if (!many) report.say(Status::ok, object.prefix + said.all + object.suffix);
    }
    if (many && counted && block.all_well) report.say(Status::ok, *block.all_well);
    return {};
}

Result<void> Counters::judge(std::vector<CountedBlock> counted, Report& report) const {
    for (std::size_t i = 0; i < blocks_.size() && i < counted.size(); ++i) {
        const auto& block = blocks_[i];
        MULLION_ASSIGN(const bool filtered, left_out(block_filter_, true, block.name));
        if (filtered) continue;
        if (block.instances) {
            MULLION_TRY(say_many(block, std::move(counted[i]), report));
        } else {
            for (const auto& object : counted[i]) MULLION_TRY(say_one(block, object, report));
        }
    }
    return {};
}

}  // namespace mullion::checks
