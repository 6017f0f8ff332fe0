#include "checks/modes/process_rows.h"

#include <array>

namespace mullion::checks {
namespace {

// CIM_Process.ExecutionState. Windows leaves it null, and Centreon says "running" then; it knows no 9.
std::string_view status_of(const Row& row, bool compat) {
    constexpr std::array<std::string_view, 10> states = {
        "running",          "other",          "ready",      "running", "blocked",
        "suspendedBlocked", "suspendedReady", "terminated", "stopped", "growing"};
    const auto state = number_or_null(row, "ExecutionState");
    if (!state.ok()) return "unknown";
    const auto at = state->value_or(0);
    if (at < states.size() - (compat ? 1 : 0)) return states.at(at);
    return compat ? "" : "unknown";
}

}  // namespace

Result<ProcessRow> process_row(const Row& row, bool compat) {
    auto handle = text(row, "Handle");
    auto name = seen_text(row, "Name");
    if (!handle || !name) return malformed("a row of Win32_Process has no Handle or no Name");
    return ProcessRow{std::move(*handle), std::move(*name), std::string(status_of(row, compat))};
}

}  // namespace mullion::checks
