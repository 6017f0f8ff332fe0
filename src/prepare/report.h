// What a script tells of its steps, read while it comes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mullion::prepare {

enum class StepState { ok, changed, failed, skipped };
[[nodiscard]] std::string_view to_string(StepState state);

struct StepReport {
    std::string id;
    StepState state = StepState::ok;
    std::string detail;  // Valid UTF-8; what a host says, so it may steer a terminal.
};

struct ReportLimits {
    std::size_t line = 16 * 1024;
    std::size_t steps = 1'000;
};

// What a host has told in all.
struct Report {
    std::string journal, mode;  // Of "mullion-prepare"; empty: the script has not begun.
    std::vector<StepReport> steps;
    std::string error;                  // What ended it all.
    std::optional<std::uint32_t> code;  // Of "mullion-end"; none: the report is cut short.
};

// Lines that are not the script's own (programs it starts, profiles) are passed over; so is what is over a
// limit.
class ReportReader {
public:
    explicit ReportReader(ReportLimits limits = {}) : limits_(limits) {}

    // A piece of standard output, of any size. Gives the steps that it ended the line of.
    std::vector<StepReport> read_piece(std::string_view bytes);
    [[nodiscard]] const Report& report() const { return report_; }

private:
    void take_line(std::string_view line, std::vector<StepReport>& fresh);
    void take_step(std::string_view fields, std::vector<StepReport>& fresh);

    const ReportLimits limits_;
    std::string held_;       // The beginning of a line.
    bool too_long_ = false;  // The line's; its rest is passed over.
    Report report_;
};

}  // namespace mullion::prepare
