// How much of the memory is used. Win32_OperatingSystem counts in KiB.
#include "checks/modes/all.h"
#include "checks/modes/counted.h"
#include "checks/modes/usage.h"
#include "checks/nothing.h"
#include "checks/rows.h"

namespace mullion::checks {
namespace {

std::vector<Block> table() {
    return {{.name = "memory", .counters = usage_counters("usage", "memory")}};
}

class Memory final : public CountedMode {
public:
    Memory() : CountedMode(table()) {}

private:
    std::vector<Ask> questions(const Setting&) const override {
        return {Query{"Select Name,FreePhysicalMemory,TotalVisibleMemorySize from Win32_OperatingSystem"}};
    }

    Result<std::vector<CountedBlock>> count(const Setting& setting, std::span<const Answer> answers, Samples&,
                                            Report& report) override {
        const auto& rows = rows_of(answers[0]);
        if (!rows.empty()) return counted(rows.back());
        if (setting.compat) return std::vector<CountedBlock>{{{.readings = {3, Reading::missing()}}}};
        say_no_rows(report, "Win32_OperatingSystem", rights::cim);
        return std::vector<CountedBlock>();
    }

    static Result<std::vector<CountedBlock>> counted(const Row& row) {
        constexpr std::uint64_t kib = 1024;
        MULLION_ASSIGN(const auto free, number(row, "FreePhysicalMemory"));
        MULLION_ASSIGN(const auto total, number(row, "TotalVisibleMemorySize"));
        if (total == 0 || total > UINT64_MAX / kib || free > UINT64_MAX / kib)
            return malformed(
                "Win32_OperatingSystem: TotalVisibleMemorySize or FreePhysicalMemory is no size");
        MULLION_ASSIGN(const auto usage, usage_of_free(total * kib, free * kib));
        return std::vector<CountedBlock>{{{.readings = usage_readings(usage, "Memory usage ")}}};
    }
};

}  // namespace

ModeInfo memory_mode() {
    ModeInfo info;
    info.name = "memory";
    info.help = "How much of the physical memory is used.";
    info.options = counter_options(table());
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<Memory>(); };
    info.example = "mullion check memory HOST --warning-usage-prct 80 --critical-usage-prct 90";
    return info;
}

}  // namespace mullion::checks
