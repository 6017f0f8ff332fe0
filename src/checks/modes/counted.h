// A mode that is a table of counters: it asks once, and reads the answer into the table.
#pragma once

#include <string>
#include <vector>

#include "checks/counters/counters.h"
#include "checks/mode.h"

namespace mullion::checks {

class CountedMode : public Mode {
public:
    [[nodiscard]] Result<void> prepare(const Setting& setting) final;
    [[nodiscard]] std::vector<Ask> ask(const Setting& setting, std::span<const Answer> so_far) final;
    [[nodiscard]] Result<void> judge(const Setting& setting, std::span<const Answer> answers,
                                     Samples& samples, Report& report) final;

protected:
    explicit CountedMode(std::vector<Block> blocks, bool new_names = true)
        : counters_(std::move(blocks), new_names) {}

    // The mode's own options, behind those of the counters.
    [[nodiscard]] virtual Result<void> read(const Setting&) { return {}; }
    [[nodiscard]] virtual std::vector<Ask> questions(const Setting& setting) const = 0;
    // A row for each block. What is not about counters is said to the report.
    [[nodiscard]] virtual Result<std::vector<CountedBlock>> count(const Setting& setting,
                                                                  std::span<const Answer> answers,
                                                                  Samples& samples, Report& report) = 0;

private:
    Counters counters_;
};

// What Centreon says as if an option were wrong: with the status of --opt-exit.
void say_refused(const Setting& setting, Report& report, std::string text);

}  // namespace mullion::checks
