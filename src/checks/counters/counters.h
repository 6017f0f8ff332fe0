// Counters at work: their options, and what they say. Centreon's templates/counter.pm.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checks/conditions/condition.h"
#include "checks/counters/counter.h"
#include "checks/options.h"
#include "checks/regex.h"
#include "checks/report.h"
#include "checks/threshold.h"

namespace mullion::checks {

// --filter-counters and its like, and of each counter --unknown-, --warning-, --critical-LABEL. The long name
// ("warning-instance-storage-space-usage-bytes") is the option, the short one is the same as it; without new
// names it is the other way round.
[[nodiscard]] std::vector<OptionSpec> counter_options(std::span<const Block> blocks, bool new_names = true);

class Counters {
public:
    explicit Counters(std::vector<Block> blocks, bool new_names = true)
        : blocks_(std::move(blocks)), new_names_(new_names) {}

    // Errors: usage.invalid, in Centreon's words: "Wrong warning-x threshold 'y'.".
    [[nodiscard]] Result<void> prepare(const Words& words);
    // --list-counters: they are only named, and nobody is asked.
    [[nodiscard]] bool only_listed() const { return listed_; }
    void list(Report& report) const;

    // `counted`: a row for each block. Errors: usage.invalid for a regular expression without end.
    [[nodiscard]] Result<void> judge(std::vector<CountedBlock> counted, Report& report) const;

    [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }

private:
    struct Limit {
        std::optional<Range> range;
        std::optional<Condition> condition;
    };
    struct Limits {
        Limit unknown, warning, critical;
    };
    struct Said {
        Status status = Status::ok;
        std::string all, alerting;  // Texts of all that are shown, and of those that alert.
        bool counted = false;       // At least one counter was not left out.
    };

    [[nodiscard]] Result<Limit> limit(const Words& words, std::string_view kind, const Block& block,
                                      const Counter& counter) const;
    [[nodiscard]] Result<void> check_filters(const Words& words) const;
    [[nodiscard]] Result<bool> left_out(const std::optional<Regex>& filter, bool where_it_matches,
                                        const std::string& name) const;
    [[nodiscard]] Result<Status> status(const Limits& limits, const Reading& reading) const;
    [[nodiscard]] Result<Said> say(const Block& block, const Counted& object, Report& report) const;
    [[nodiscard]] Result<void> say_one(const Block& block, const Counted& object, Report& report) const;
    [[nodiscard]] Result<void> say_many(const Block& block, CountedBlock objects, Report& report) const;
    void add_metrics(const Block& block, const Counter& counter, const Counted& object,
                     const Reading& reading, Report& report) const;

    std::vector<Block> blocks_;
    bool new_names_;
    bool listed_ = false;
    int precision_ = 8;
    std::optional<Regex> filter_, block_filter_, shown_;
    std::map<const Counter*, Limits> limits_;
};

}  // namespace mullion::checks
