// What processes use, by their names: processor time between two looks, memory, handles. Of the mode
// processes, where it is asked for; Centreon has none of it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checks/ask.h"
#include "checks/counters/counters.h"
#include "checks/mode.h"
#include "checks/modes/two_looks.h"
#include "checks/rows.h"

namespace mullion::checks {

class ProcessUse {
public:
    // --add-cpu, --add-memory, --add-handles, and the thresholds, which are the same as these.
    [[nodiscard]] static std::vector<OptionSpec> options();
    // Whether the last values are needed.
    [[nodiscard]] static bool compares(const Words& words);

    // Errors: usage.invalid, for thresholds.
    [[nodiscard]] Result<void> prepare(const Words& words);
    [[nodiscard]] bool asked() const { return cpu_ || memory_ || handles_; }
    // More columns of Win32_Process, with a comma in front.
    [[nodiscard]] std::string columns() const;
    // The host's clock and boot, where they are needed.
    [[nodiscard]] std::optional<Ask> clock_question() const;

    // A process that is counted.
    [[nodiscard]] Result<void> add(const Row& row, const std::string& handle, const std::string& name);
    // `clock`: the answer to clock_question(). Errors: wsman.malformed.
    [[nodiscard]] Result<void> judge(const Setting& setting, const Answer* clock, Samples& samples,
                                     Report& report);

private:
    struct Process {
        std::string key;  // Its number and when it was started: numbers come again.
        std::int64_t started = 0;
        std::optional<std::uint64_t> time;  // In 100 ns.
    };
    struct Group {
        std::vector<Process> processes;
        std::optional<std::uint64_t> memory = 0, handles = 0;
    };
    [[nodiscard]] Result<Reading> cpu(const Group& group, TwoLooks& looks, bool& gap) const;
    [[nodiscard]] Result<void> read_clock(const Answer& clock, TwoLooks& looks);
    [[nodiscard]] Result<Counted> counted(const std::string& name, const Group& group, TwoLooks& looks,
                                          Report& report) const;

    bool cpu_ = false, memory_ = false, handles_ = false;
    std::map<std::string, Group> groups_;
    std::optional<std::uint64_t> before_;  // The host's clock at the last look, in microseconds since 1970,
    std::uint64_t now_ = 0;                // and at this one.
    bool clock_was_set_ = false;           // In between.
    Counters counters_{table()};

    [[nodiscard]] static std::vector<Block> table();
};

}  // namespace mullion::checks
