// How busy the processors are between two looks. Win32_PerfRawData_PerfOS_Processor.PercentProcessorTime
// counts the time that they were idle (PERF_100NSEC_TIMER_INV).
#include <fmt/format.h>

#include <map>

#include "checks/bytes.h"
#include "checks/modes/all.h"
#include "checks/modes/counted.h"
#include "checks/modes/two_looks.h"
#include "checks/nothing.h"

namespace mullion::checks {
namespace {

constexpr std::string_view class_name = "Win32_PerfRawData_PerfOS_Processor";
constexpr std::string_view idle = "PercentProcessorTime", clock_time = "Timestamp_Sys100NS";

std::vector<Block> table() {
    return {{.name = "cpu_avg", .counters = {{.label = "average", .metric = "cpu.utilization.percentage"}}},
            {.name = "cpu_core",
             .instances = true,
             .counters = {{.label = "core", .metric = "core.cpu.utilization.percentage"}}}};
}

Reading reading(double percent, std::string_view front) {
    Reading reading;
    reading.number = percent;
    reading.text = fmt::format("{} {} %", front, fixed(percent));
    reading.metrics = {{.value = fixed(percent), .unit = "%", .min = "0", .max = "100"}};
    return reading;
}

class Cpu final : public CountedMode {
public:
    Cpu() : CountedMode(table()) {}

private:
    std::vector<Ask> questions(const Setting& setting) const override {
        std::vector<Ask> asks = {
            Query{"select Name,PercentProcessorTime,Timestamp_Sys100NS from "
                  "Win32_PerfRawData_PerfOS_Processor where Name != '_Total'"}};
        if (!setting.compat) asks.push_back(boot_question());
        return asks;
    }

    Result<std::vector<CountedBlock>> count(const Setting& setting, std::span<const Answer> answers,
                                            Samples& samples, Report& report) override {
        const auto& rows = rows_of(answers[0]);
        if (rows.empty() && !setting.compat) {
            say_no_rows(report, class_name, rights::counters);
            return std::vector<CountedBlock>();
        }
        MULLION_ASSIGN(auto looks,
                       TwoLooks::of(setting, samples, answers.size() > 1 ? &answers[1] : nullptr));
        std::map<std::string, Reading> cores;
        bool still = false;
        for (const auto& row : rows) {
            MULLION_ASSIGN(auto core, core_of(row, looks, still));
            cores.insert_or_assign(shown(row, "Name"), std::move(core));
        }
        if (still) {
            report.say(Status::unknown,
                       fmt::format(
                           "the counters of {} stand still: the host's time in them is that of the last look",
                           class_name));
            return std::vector<CountedBlock>();
        }
        return blocks(std::move(cores));
    }

    // `still`: no time passed between the looks, by the host's own clock.
    static Result<Reading> core_of(const Row& row, TwoLooks& looks, bool& still) {
        const auto name = shown(row, "Name");
        MULLION_ASSIGN(const auto value, number(row, idle));
        MULLION_ASSIGN(const auto time, number(row, clock_time));
        looks.keep(name, idle, value);
        looks.keep(name, clock_time, time);
        const auto idled = looks.advanced(name, idle, value);
        const auto passed = looks.advanced(name, clock_time, time);
        if (!idled || !passed) return Reading::first_look();
        if (*passed == 0) {
            still = true;
            return Reading::first_look();
        }
        const double share = 1 - static_cast<double>(*idled) / static_cast<double>(*passed);
        return reading(share > 0 ? share * 100 : 0, "usage:");
    }

    static std::vector<CountedBlock> blocks(std::map<std::string, Reading> cores) {
        double sum = 0;
        std::size_t known = 0;
        std::vector<CountedBlock> blocks(2);
        for (auto& [name, core] : cores) {
            if (core.number) {
                sum += *core.number;
                ++known;
            }
            blocks[1].push_back(
                {.instance = name, .prefix = "CPU '" + name + "' ", .readings = {std::move(core)}});
        }
        auto average = cores.empty() ? Reading::missing() : Reading::first_look();
        if (known > 0) average = reading(sum / static_cast<double>(known), "CPU(s) average usage is");
        blocks[0].push_back({.readings = {std::move(average)}});
        return blocks;
    }
};

}  // namespace

ModeInfo cpu_mode() {
    ModeInfo info;
    info.name = "cpu";
    info.help = "How busy the processors are, since the last look at the host.";
    info.options = counter_options(table());
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<Cpu>(); };
    info.two_samples = true;
    info.example = "mullion check cpu HOST --warning-average 80 --critical-average 90";
    return info;
}

}  // namespace mullion::checks
