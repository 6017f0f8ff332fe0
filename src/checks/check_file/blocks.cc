#include "checks/check_file/blocks.h"

namespace mullion::checks {
namespace {

Counter counter_of(const CounterRule& rule, bool condition) {
    Counter counter;
    counter.label = rule.label;
    counter.metric = rule.metric;
    counter.condition = condition;
    counter.fallback_warning = rule.warning;
    counter.fallback_critical = rule.critical;
    counter.fallback_unknown = rule.unknown;
    return counter;
}

}  // namespace

std::vector<Block> blocks_of(const CheckFile& check) {
    std::vector<Block> blocks;
    if (!check.counters.empty()) {
        Block rows{.name = "rows", .instances = !check.instance.empty(), .silent_where_missing = true};
        if (rows.instances) rows.all_well = check.all_ok;
        for (const auto& rule : check.counters) rows.counters.push_back(counter_of(rule, !rule.value));
        blocks.push_back(std::move(rows));
    }
    if (check.count) {
        Block count{.name = "count", .counters = {counter_of(*check.count, false)}};
        count.counters[0].shown = check.counters.empty();
        blocks.push_back(std::move(count));
    }
    return blocks;
}

}  // namespace mullion::checks
