// How busy the processors are between two looks. Win32_PerfRawData_PerfOS_Processor.PercentProcessorTime
// counts the time that they were idle (PERF_100NSEC_TIMER_INV). Windows puts at most 64 processors into a
// group, and that class knows one group alone; Win32_PerfRawData_Counters_ProcessorInformation knows all of
// them.
#include <fmt/format.h>

#include <map>

#include "checks/bytes.h"
#include "checks/modes/all.h"
#include "checks/modes/counted.h"
#include "checks/modes/two_looks.h"
#include "checks/nothing.h"

namespace mullion::checks {
namespace {

constexpr std::string_view of_one_group = "Win32_PerfRawData_PerfOS_Processor",
                           of_all_groups = "Win32_PerfRawData_Counters_ProcessorInformation";
constexpr std::string_view all_groups = "all-processor-groups";
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

// "_Total", and "0,_Total" of a group.
bool is_sum(std::string_view name) {
    constexpr std::string_view total = "_Total";
    return name.ends_with(total) &&
           (name.size() == total.size() || name[name.size() - total.size() - 1] == ',');
}

class Cpu final : public CountedMode {
public:
    Cpu() : CountedMode(table()) {}

private:
    Result<void> read(const Setting& setting) override {
        if (setting.words.has(all_groups)) class_name_ = of_all_groups;
        return {};
    }

    std::vector<Ask> questions(const Setting& setting) const override {
        std::vector<Ask> asks = {Query{
            fmt::format("select Name,PercentProcessorTime,Timestamp_Sys100NS from {} where Name != '_Total'",
                        class_name_)}};
        if (!setting.compat) asks.push_back(boot_question());
        return asks;
    }

    Result<std::vector<CountedBlock>> count(const Setting& setting, std::span<const Answer> answers,
                                            Samples& samples, Report& report) override {
        const auto rows = processors_of(rows_of(answers[0]));
        if (rows.empty() && !setting.compat) {
            say_no_rows(report, class_name_, rights::counters);
            return std::vector<CountedBlock>();
        }
        MULLION_ASSIGN(auto looks,
                       TwoLooks::of(setting, samples, answers.size() > 1 ? &answers[1] : nullptr));
        std::map<std::string, Reading> cores;
        auto why = NoRate::none;
        for (const auto* row : rows) {
            MULLION_ASSIGN(auto core, core_of(*row, looks, why));
            cores.insert_or_assign(shown(*row, "Name"), std::move(core));
        }
        say_no_rate(why, class_name_, report);
        if (why != NoRate::none) return std::vector<CountedBlock>();
        // Centreon's rules are of Centreon's question.
        return blocks(std::move(cores), setting.compat && class_name_ == of_one_group);
    }

    // The query leaves out the sum of all; each group has one as well.
    [[nodiscard]] std::vector<const Row*> processors_of(const Rows& rows) const {
        std::vector<const Row*> processors;
        for (const auto& row : rows)
            if (class_name_ == of_one_group || !is_sum(shown(row, "Name"))) processors.push_back(&row);
        return processors;
    }

    static Result<Reading> core_of(const Row& row, TwoLooks& looks, NoRate& why) {
        const auto name = shown(row, "Name");
        MULLION_ASSIGN(const auto value, number(row, idle));
        MULLION_ASSIGN(const auto time, number(row, clock_time));
        looks.keep(name, idle, value);
        looks.keep(name, clock_time, time);
        const auto idled = looks.advanced(name, idle, value);
        const auto passed = looks.advanced(name, clock_time, time);
        if (looks.clock_was_set(name, clock_time, time)) why = NoRate::clock_was_set;
        if (!idled || !passed) return Reading::first_look();
        if (*passed == 0) {
            why = NoRate::still;
            return Reading::first_look();
        }
        const double share = 1 - static_cast<double>(*idled) / static_cast<double>(*passed);
        return reading(share > 0 ? share * 100 : 0, "usage:");
    }

    // Centreon takes only those into the average that have a number for a name.
    static bool is_averaged(const std::string& name, bool compat) {
        return !compat || (!name.empty() && name.find_first_not_of("0123456789") == std::string::npos);
    }

    // And where there is none of them it says nothing behind the counter's name.
    static Reading no_average(bool compat) {
        if (!compat) return Reading::missing();
        Reading reading;
        reading.text = "average : ";
        return reading;
    }

    static std::vector<CountedBlock> blocks(std::map<std::string, Reading> cores, bool compat) {
        double sum = 0;
        std::size_t averaged = 0, known = 0;
        std::vector<CountedBlock> blocks(2);
        for (auto& [name, core] : cores) {
            const bool counts = is_averaged(name, compat);
            averaged += counts ? 1 : 0;
            if (counts && core.number) {
                sum += *core.number;
                ++known;
            }
            blocks[1].push_back(
                {.instance = name, .prefix = "CPU '" + name + "' ", .readings = {std::move(core)}});
        }
        auto average = averaged == 0 ? no_average(compat) : Reading::first_look();
        if (known > 0) average = reading(sum / static_cast<double>(known), "CPU(s) average usage is");
        blocks[0].push_back({.readings = {std::move(average)}});
        return blocks;
    }

    std::string_view class_name_ = of_one_group;
};

}  // namespace

ModeInfo cpu_mode() {
    ModeInfo info;
    info.name = "cpu";
    info.help = "How busy the processors are, since the last look at the host.";
    info.options = counter_options(table());
    info.options.push_back(
        {.name = std::string(all_groups),
         .kind = OptionSpec::Kind::flag,
         .help =
             "Of a host with more than 64 logical processors, which Windows parts into groups, count all of "
             "them and not those of one group. They are named GROUP,NUMBER. Not before Windows Server 2008 "
             "R2."});
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<Cpu>(); };
    info.two_samples = true;
    info.example = "mullion check cpu HOST --warning-average 80 --critical-average 90";
    return info;
}

}  // namespace mullion::checks
