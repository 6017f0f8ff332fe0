// How long ago the host was started. Win32_PerfRawData_PerfOS_System.SystemUpTime is when that was.
#include <array>
#include <cmath>

#include "checks/bytes.h"
#include "checks/modes/all.h"
#include "checks/modes/counted.h"
#include "checks/nothing.h"
#include "checks/rows.h"

namespace mullion::checks {
namespace {

std::vector<Block> table() {
    return {{.name = "global", .counters = {{.label = "uptime"}}}};
}

struct Unit {
    std::string_view letter, name;
    double seconds;
};
constexpr std::array<Unit, 5> units = {{{"s", "seconds", 1},
                                        {"m", "minutes", 60},
                                        {"h", "hours", 3600},
                                        {"d", "days", 86'400},
                                        {"w", "weeks", 604'800}}};

class Uptime final : public CountedMode {
public:
    Uptime() : CountedMode(table()) {}

private:
    Result<void> read(const Setting& setting) override {
        const auto letter = setting.words.text("unit");
        for (const auto& unit : units)
            if (unit.letter == letter) unit_ = unit;
        // Centreon takes another one for seconds.
        if (!letter.empty() && unit_.letter != letter && !setting.compat)
            return Error(ErrorId::usage_invalid,
                         "Wrong option --unit '" + std::string(letter) + "' (known: s, m, h, d, w).");
        return {};
    }

    std::vector<Ask> questions(const Setting&) const override {
        return {
            Query{"Select Frequency_Sys100NS,SystemUpTime,Timestamp_Object from "
                  "Win32_PerfRawData_PerfOS_System"}};
    }

    Result<std::vector<CountedBlock>> count(const Setting& setting, std::span<const Answer> answers, Samples&,
                                            Report& report) override {
        const auto& rows = rows_of(answers[0]);
        if (rows.empty()) {
            if (setting.compat) return std::vector<CountedBlock>{{{.readings = {Reading::missing()}}}};
            say_no_rows(report, "Win32_PerfRawData_PerfOS_System", rights::counters);
            return std::vector<CountedBlock>();
        }
        const auto& row = rows.back();
        MULLION_ASSIGN(const auto frequency, number_or_null(row, "Frequency_Sys100NS"));
        MULLION_ASSIGN(const auto started, number_or_null(row, "SystemUpTime"));
        MULLION_ASSIGN(const auto now, number_or_null(row, "Timestamp_Object"));
        if (!frequency || !started || !now || *frequency == 0) {
            say_refused(setting, report, "Some informations missing.");
            return std::vector<CountedBlock>();
        }
        const double ticks =
            *now >= *started ? static_cast<double>(*now - *started) : -static_cast<double>(*started - *now);
        return std::vector<CountedBlock>{{{.readings = {reading(ticks / static_cast<double>(*frequency))}}}};
    }

    [[nodiscard]] Reading reading(double seconds) const {
        const double value = std::floor(seconds / unit_.seconds);
        Reading reading;
        reading.number = value;
        reading.text = "System uptime is: " + format_duration(seconds, "d");
        reading.metrics = {{.value = perl_number(value),
                            .unit = std::string(unit_.letter),
                            .min = "0",
                            .name = "system.uptime." + std::string(unit_.name)}};
        return reading;
    }

    Unit unit_ = units[0];
};

}  // namespace

ModeInfo uptime_mode() {
    ModeInfo info;
    info.name = "uptime";
    info.help = "How long ago the host was started.";
    info.options = counter_options(table());
    info.options.push_back({.name = "unit",
                            .fallback = "s",
                            .type_name = "UNIT",
                            .help = "Of thresholds and the metric: s, m, h, d or w."});
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<Uptime>(); };
    info.example = "mullion check uptime HOST --warning-uptime 600:";
    return info;
}

}  // namespace mullion::checks
