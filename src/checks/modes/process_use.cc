#include "checks/modes/process_use.h"

#include <fmt/format.h>

#include <algorithm>

#include "checks/bytes.h"

namespace mullion::checks {
namespace {

constexpr std::string_view time_property = "time";  // Of a process, as it is kept.
constexpr std::string_view clock_property = "LocalDateTime";
constexpr std::uint64_t microseconds_a_second = 1'000'000;

bool has_threshold(const Words& words, std::string_view label, std::string_view metric) {
    for (const auto* kind : {"unknown", "warning", "critical"})
        for (const auto name : {label, metric})
            if (words.has(fmt::format("{}-{}", kind, name))) return true;
    return false;
}

bool wants_cpu(const Words& words) {
    return words.has("add-cpu") || has_threshold(words, "cpu", "instance-process-cpu-utilization-percentage");
}

Reading reading_of(double number, std::string text, Metric metric) {
    Reading reading;
    reading.number = number;
    reading.text = std::move(text);
    reading.metrics = {std::move(metric)};
    return reading;
}

void add_to(std::optional<std::uint64_t>& sum, std::optional<std::uint64_t> more) {
    if (sum && more)
        *sum += *more;
    else
        sum.reset();
}

}  // namespace

std::vector<Block> ProcessUse::table() {
    return {{.name = "processes",
             .instances = true,
             .counters = {{.label = "cpu", .metric = "process.cpu.utilization.percentage"},
                          {.label = "memory", .metric = "process.memory.usage.bytes"},
                          {.label = "handles", .metric = "process.handles.count"}},
             .silent_where_missing = true}};
}

std::vector<OptionSpec> ProcessUse::options() {
    using Kind = OptionSpec::Kind;
    std::vector<OptionSpec> list = {
        {.name = "add-cpu",
         .kind = Kind::flag,
         .help = "Of each name: the processor time since the last look, 100 being one processor; also with a "
                 "threshold of it."},
        {.name = "add-memory",
         .kind = Kind::flag,
         .help = "Of each name: the working sets together; also with a threshold of it."},
        {.name = "add-handles",
         .kind = Kind::flag,
         .help = "Of each name: the handles together; also with a threshold of it."}};
    for (auto& option : counter_options(table()))
        if (option.name.starts_with("warning-") || option.name.starts_with("critical-") ||
            option.name.starts_with("unknown-"))
            list.push_back(std::move(option));
    return list;
}

bool ProcessUse::compares(const Words& words) {
    return wants_cpu(words);
}

Result<void> ProcessUse::prepare(const Words& words) {
    cpu_ = wants_cpu(words);
    memory_ =
        words.has("add-memory") || has_threshold(words, "memory", "instance-process-memory-usage-bytes");
    handles_ = words.has("add-handles") || has_threshold(words, "handles", "instance-process-handles-count");
    return counters_.prepare(words);
}

std::string ProcessUse::columns() const {
    std::string text;
    if (cpu_) text += ",CreationDate,KernelModeTime,UserModeTime";
    if (memory_) text += ",WorkingSetSize";
    if (handles_) text += ",HandleCount";
    return text;
}

// As boot_question(), and the clock beside it: a process has no time of its counters with it, and those of
// PerfProc are off on many hosts (lodctr /E:PerfProc).
std::optional<Ask> ProcessUse::clock_question() const {
    if (!cpu_) return {};
    return Query{"Select LastBootUpTime,LocalDateTime,Version from Win32_OperatingSystem"};
}

Result<void> ProcessUse::add(const Row& row, const std::string& handle, const std::string& name) {
    if (handle == "0") return {};  // "System Idle Process" uses what nobody uses.
    auto& group = groups_[name];
    if (memory_) {
        MULLION_ASSIGN(const auto bytes, number_or_null(row, "WorkingSetSize"));
        add_to(group.memory, bytes);
    }
    if (handles_) {
        MULLION_ASSIGN(const auto handles, number_or_null(row, "HandleCount"));
        add_to(group.handles, handles);
    }
    Process process{handle, 0, {}};
    if (cpu_) {
        if (text(row, "CreationDate")) {
            MULLION_ASSIGN(process.started, moment(row, "CreationDate"));
        }
        process.key += fmt::format("@{}", process.started);
        process.time = 0;
        for (const auto* mode : {"KernelModeTime", "UserModeTime"}) {
            MULLION_ASSIGN(const auto time, number_or_null(row, mode));
            add_to(process.time, time);
        }
    }
    group.processes.push_back(std::move(process));
    return {};
}

Result<void> ProcessUse::read_clock(const Answer& clock, TwoLooks& looks) {
    const auto& rows = rows_of(clock);
    if (rows.empty()) return malformed("the host returned no instance of Win32_OperatingSystem");
    MULLION_ASSIGN(const auto now, moment(rows.front(), clock_property));
    now_ = static_cast<std::uint64_t>(std::max<std::int64_t>(now, 0));
    before_ = looks.before({}, clock_property);
    looks.keep({}, clock_property, now_);
    if (looks.going().began_again) before_.reset();
    if (before_ && *before_ == now_)
        return malformed("the host's clock stands still: it is that of the last look");
    clock_was_set_ = before_ && looks.clock_was_set({}, clock_property, now_, microseconds_a_second);
    if (clock_was_set_) before_.reset();
    return {};
}

Result<Reading> ProcessUse::cpu(const Group& group, TwoLooks& looks, bool& gap) const {
    std::uint64_t used = 0;
    for (const auto& process : group.processes) {
        if (!process.time) {
            gap = true;
            return Reading::missing();
        }
        looks.keep(process.key, time_property, *process.time);
        const auto passed = looks.advanced(process.key, time_property, *process.time);
        if (passed)
            used += *passed;
        else if (before_ && process.started > 0 && static_cast<std::uint64_t>(process.started) >= *before_)
            used += *process.time;  // Started since: all of its time is of this while.
    }
    if (!before_) return Reading::first_look();
    // Microseconds against 100 ns.
    const double percent = static_cast<double>(used) / 10 / static_cast<double>(now_ - *before_) * 100;
    return reading_of(percent, fmt::format("cpu: {} %", fixed(percent)),
                      {.value = fixed(percent), .unit = "%", .min = "0"});
}

Result<Counted> ProcessUse::counted(const std::string& name, const Group& group, TwoLooks& looks,
                                    Report& report) const {
    Counted one{.instance = name,
                .prefix = fmt::format("Process '{}' [{}] ", name, group.processes.size()),
                .readings = {Reading::off(), Reading::off(), Reading::off()}};
    bool gap = (memory_ && !group.memory) || (handles_ && !group.handles);
    if (cpu_) {
        MULLION_ASSIGN(one.readings[0], cpu(group, looks, gap));
    }
    if (memory_ && group.memory) {
        const auto bytes = static_cast<double>(*group.memory);
        one.readings[1] = reading_of(bytes, "memory: " + format_bytes(bytes),
                                     {.value = std::to_string(*group.memory), .unit = "B", .min = "0"});
    }
    if (handles_ && group.handles)
        one.readings[2] =
            reading_of(static_cast<double>(*group.handles), fmt::format("handles: {}", *group.handles),
                       {.value = std::to_string(*group.handles), .min = "0"});
    if (gap)
        report.say(Status::unknown,
                   fmt::format("Process '{}': the host does not tell this account what it uses", name));
    return one;
}

Result<void> ProcessUse::judge(const Setting& setting, const Answer* clock, Samples& samples,
                               Report& report) {
    MULLION_ASSIGN(auto looks, TwoLooks::of(setting, samples, clock));
    if (clock != nullptr) MULLION_TRY(read_clock(*clock, looks));
    if (clock_was_set_) say_no_rate(NoRate::clock_was_set, "Win32_Process", report);
    CountedBlock block;
    for (const auto& [name, group] : groups_) {
        MULLION_ASSIGN(auto one, counted(name, group, looks, report));
        block.push_back(std::move(one));
    }
    groups_.clear();
    return counters_.judge({std::move(block)}, report);
}

}  // namespace mullion::checks
