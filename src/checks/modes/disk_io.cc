// What each disk reads and writes between two looks, how long that takes, and how busy it is.
// Win32_PerfRawData_PerfDisk_LogicalDisk and _PhysicalDisk; a mode that Centreon has not.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "checks/bytes.h"
#include "checks/filter.h"
#include "checks/modes/all.h"
#include "checks/modes/counted.h"
#include "checks/modes/two_looks.h"
#include "checks/nothing.h"

namespace mullion::checks {
namespace {

// Of what a direction is made: AvgDisksecPerRead would be the latency, and is the same sum as
// PercentDiskReadTime in ticks, of 32 bits: on a busy disk it goes round within minutes.
struct Direction {
    std::string_view name, bytes, operations, time;
};
constexpr std::array<Direction, 2> directions = {
    {{"read", "DiskReadBytesPersec", "DiskReadsPersec", "PercentDiskReadTime"},
     {"write", "DiskWriteBytesPersec", "DiskWritesPersec", "PercentDiskWriteTime"}}};
constexpr double ticks_a_second = 10'000'000;  // Of PercentDisk…Time: 100 ns, whatever the host's clock.

std::vector<Block> table() {
    Block block{
        .name = "disks", .instances = true, .all_well = "All disks are ok", .silent_where_missing = true};
    const auto add = [&block](std::string_view label, std::string metric) {
        block.counters.push_back({.label = std::string(label), .metric = std::move(metric)});
    };
    for (const auto& way : directions) add(way.name, fmt::format("disk.io.{}.bytespersecond", way.name));
    for (const auto& way : directions)
        add(fmt::format("{}-iops", way.name), fmt::format("disk.io.{}.iops", way.name));
    for (const auto& way : directions)
        add(fmt::format("{}-latency", way.name), fmt::format("disk.io.{}.latency.seconds", way.name));
    add("busy", "disk.io.time.percentage");
    add("queue", "disk.queue.length");
    return {std::move(block)};
}

Reading reading_of(double number, std::string text, Metric metric) {
    Reading reading;
    reading.number = number;
    reading.text = std::move(text);
    reading.metrics = {std::move(metric)};
    return reading;
}

// One disk at this look, and what passed since the last one.
class Disk {
public:
    Disk(const Row& row, TwoLooks& looks) : row_(row), looks_(looks), name_(shown(row, "Name")) {}

    [[nodiscard]] Result<std::vector<Reading>> readings();
    [[nodiscard]] const std::string& name() const { return name_; }
    // Of the host's own clock.
    [[nodiscard]] NoRate no_rate() const {
        if (still_) return NoRate::still;
        return clock_was_set_ ? NoRate::clock_was_set : NoRate::none;
    }

private:
    struct Look {
        std::optional<std::uint64_t> now, before;
    };
    [[nodiscard]] Result<Look> look(std::string_view property);
    [[nodiscard]] Result<Reading> bytes(const Direction& way);
    [[nodiscard]] Result<Reading> operations(const Direction& way);
    [[nodiscard]] Result<Reading> latency(const Direction& way);
    [[nodiscard]] Result<Reading> busy();
    [[nodiscard]] Result<Reading> queue() const;
    // A rate of PERF_COUNTER_BULK_COUNT or PERF_COUNTER_COUNTER; the reading where there is none yet.
    [[nodiscard]] Result<std::variant<double, Reading>> rate(std::string_view property, CounterType type);

    const Row& row_;
    TwoLooks& looks_;
    std::string name_;
    bool still_ = false, clock_was_set_ = false;
};

Result<Disk::Look> Disk::look(std::string_view property) {
    Look look;
    MULLION_ASSIGN(look.now, number_or_null(row_, property));
    if (!look.now) return look;
    looks_.keep(name_, property, *look.now);
    look.before = looks_.before(name_, property);
    return look;
}

Result<std::variant<double, Reading>> Disk::rate(std::string_view property, CounterType type) {
    using Found = std::variant<double, Reading>;
    MULLION_ASSIGN(const auto value, look(property));
    MULLION_ASSIGN(const auto time, look("Timestamp_PerfTime"));
    MULLION_ASSIGN(const auto frequency, look("Frequency_PerfTime"));
    if (!value.now) return Found(Reading::missing());
    if (!time.now || frequency.now.value_or(0) == 0)
        return malformed("PerfDisk: Timestamp_PerfTime is null, or Frequency_PerfTime is 0");
    if (!value.before || !time.before) return Found(Reading::first_look());
    auto going = looks_.going();
    going.bits = type == CounterType::counter ? 32 : 64;
    still_ = still_ || (*time.now == *time.before && !going.began_again);
    const auto found = cooked(type, {.value = *value.before, .time = *time.before},
                              {.value = *value.now, .time = *time.now, .frequency = *frequency.now}, going);
    if (!found) return Found(Reading::first_look());
    return Found(*found);
}

Result<Reading> Disk::bytes(const Direction& way) {
    MULLION_ASSIGN(auto found, rate(way.bytes, CounterType::bulk_count));
    if (auto* const none = std::get_if<Reading>(&found)) return std::move(*none);
    const double number = std::get<double>(found);
    return reading_of(number, fmt::format("{}: {}/s", way.name, format_bytes(number)),
                      {.value = fixed(number), .unit = "B/s", .min = "0"});
}

Result<Reading> Disk::operations(const Direction& way) {
    MULLION_ASSIGN(auto found, rate(way.operations, CounterType::counter));
    if (auto* const none = std::get_if<Reading>(&found)) return std::move(*none);
    const double number = std::get<double>(found);
    return reading_of(number, fmt::format("{} iops: {}", way.name, fixed(number)),
                      {.value = fixed(number), .unit = "iops", .min = "0"});
}

Result<Reading> Disk::latency(const Direction& way) {
    MULLION_ASSIGN(const auto time, look(way.time));
    MULLION_ASSIGN(const auto operations, look(way.operations));
    if (!time.now || !operations.now) return Reading::missing();
    const auto took = looks_.advanced(name_, way.time, *time.now);
    const auto done = looks_.advanced(name_, way.operations, *operations.now, 32);
    if (!took || !done) return Reading::first_look();
    // Nothing was done, and nothing took long.
    const double number =
        *done == 0 ? 0 : static_cast<double>(*took) / ticks_a_second / static_cast<double>(*done);
    return reading_of(number, fmt::format("{} latency: {} s", way.name, fixed(number, 6)),
                      {.value = fixed(number, 6), .unit = "s", .min = "0"});
}

// PERF_PRECISION_100NS_TIMER of what the disk was idle. The base is the time of day: an hour that the clock
// is set ahead would be one in which the disk was busy.
Result<Reading> Disk::busy() {
    MULLION_ASSIGN(const auto idle, look("PercentIdleTime"));
    MULLION_ASSIGN(const auto base, look("PercentIdleTime_Base"));
    if (!idle.now || !base.now) return Reading::missing();
    if (!idle.before || !base.before) return Reading::first_look();
    clock_was_set_ = looks_.clock_was_set(name_, "PercentIdleTime_Base", *base.now);
    const auto share =
        cooked(CounterType::precision_100ns_timer, {.value = *idle.before, .base = *base.before},
               {.value = *idle.now, .base = *base.now}, looks_.going());
    if (!share) return Reading::first_look();
    const double percent = std::clamp(1 - *share, 0.0, 1.0) * 100;
    return reading_of(percent, fmt::format("busy: {} %", fixed(percent)),
                      {.value = fixed(percent), .unit = "%", .min = "0", .max = "100"});
}

Result<Reading> Disk::queue() const {
    MULLION_ASSIGN(const auto length, number_or_null(row_, "CurrentDiskQueueLength"));
    if (!length) return Reading::missing();
    return reading_of(static_cast<double>(*length), fmt::format("queue length: {}", *length),
                      {.value = std::to_string(*length), .min = "0"});
}

Result<std::vector<Reading>> Disk::readings() {
    std::vector<Reading> all;
    for (const auto of : {&Disk::bytes, &Disk::operations, &Disk::latency})
        for (const auto& way : directions) {
            MULLION_ASSIGN(auto one, (this->*of)(way));
            all.push_back(std::move(one));
        }
    MULLION_ASSIGN(auto time, busy());
    all.push_back(std::move(time));
    MULLION_ASSIGN(auto length, queue());
    all.push_back(std::move(length));
    return all;
}

class DiskIo final : public CountedMode {
public:
    DiskIo() : CountedMode(table()) {}

private:
    Result<void> read(const Setting& setting) override {
        const auto& words = setting.words;
        const auto kind = words.text("disks");
        if (!kind.empty() && kind != "logical" && kind != "physical")
            return Error(ErrorId::usage_invalid,
                         fmt::format("Wrong option --disks '{}' (known: logical, physical).", kind));
        class_name_ =
            fmt::format("Win32_PerfRawData_PerfDisk_{}Disk", kind == "physical" ? "Physical" : "Logical");
        MULLION_ASSIGN(names_, Filter::of(words, "filter-name"));
        MULLION_ASSIGN(exclude_, Filter::of(words, "exclude-name"));
        return {};
    }

    std::vector<Ask> questions(const Setting&) const override {
        return {Query{fmt::format(
                    "Select CurrentDiskQueueLength,DiskReadBytesPersec,DiskReadsPersec,DiskWriteBytesPersec,"
                    "DiskWritesPersec,Frequency_PerfTime,Name,PercentDiskReadTime,PercentDiskWriteTime,"
                    "PercentIdleTime,PercentIdleTime_Base,Timestamp_PerfTime from {} where Name != '_Total'",
                    class_name_)},
                boot_question()};
    }

    [[nodiscard]] Result<bool> takes(const std::string& name) const {
        if (name == "_Total") return false;
        MULLION_ASSIGN(const bool taken, names_.takes(name));
        if (!taken) return false;
        MULLION_ASSIGN(const bool dropped, exclude_.drops(name));
        return !dropped;
    }

    Result<std::vector<CountedBlock>> count(const Setting& setting, std::span<const Answer> answers,
                                            Samples& samples, Report& report) override {
        const auto& rows = rows_of(answers[0]);
        if (rows.empty()) {
            say_no_rows(report, class_name_, rights::counters);
            return std::vector<CountedBlock>();
        }
        MULLION_ASSIGN(auto looks, TwoLooks::of(setting, samples, &answers[1]));
        std::map<std::string, Counted> disks;
        auto why = NoRate::none;
        for (const auto& row : rows) {
            Disk disk(row, looks);
            MULLION_ASSIGN(const bool taken, takes(disk.name()));
            if (!taken) continue;
            MULLION_ASSIGN(auto readings, disk.readings());
            why = std::max(why, disk.no_rate());
            // A file system without a device of its own, as Linux has: nothing of it is counted.
            const bool none = std::all_of(readings.begin(), readings.end(),
                                          [](const Reading& one) { return one.is == Reading::Is::missing; });
            if (none) {
                report.line(fmt::format("Disk '{}' is not counted by the host", disk.name()));
                continue;
            }
            Counted one{.instance = disk.name(),
                        .prefix = "Disk '" + disk.name() + "' ",
                        .readings = std::move(readings)};
            say_gaps(one, report);
            disks.insert_or_assign(disk.name(), std::move(one));
        }
        return blocks(std::move(disks), why, report);
    }

    // Of a disk that is counted: a threshold of what is null would never be reached.
    static void say_gaps(const Counted& disk, Report& report) {
        static const auto counters = table().front().counters;
        std::vector<std::string_view> gaps;
        for (std::size_t at = 0; at < disk.readings.size(); ++at)
            if (disk.readings[at].is == Reading::Is::missing) gaps.push_back(counters.at(at).label);
        if (!gaps.empty())
            report.say(Status::unknown, fmt::format("{}{}: null", disk.prefix, fmt::join(gaps, ", ")));
    }

    [[nodiscard]] std::vector<CountedBlock> blocks(std::map<std::string, Counted> disks, NoRate why,
                                                   Report& report) const {
        if (disks.empty())
            report.say(Status::unknown, "No disk found: none is of that name, or the host counts none");
        say_no_rate(why, class_name_, report);
        if (disks.empty() || why != NoRate::none) return {};
        std::vector<CountedBlock> all(1);
        for (auto& [name, disk] : disks) all[0].push_back(std::move(disk));
        return all;
    }

    std::string class_name_;
    Filter names_, exclude_;
};

}  // namespace

ModeInfo disk_io_mode() {
    ModeInfo info;
    info.name = "disk-io";
    info.help =
        "What each disk reads and writes, how long that takes and how busy it is, since the last look.";
    info.options = counter_options(table());
    const std::vector<OptionSpec> own = {
        {.name = "disks",
         .fallback = "logical",
         .type_name = "KIND",
         .help = "logical (drives, volumes) or physical."},
        {.name = "filter-name", .type_name = "REGEX", .help = "Only the disks whose name matches."},
        {.name = "exclude-name", .type_name = "REGEX", .help = "Without those whose name matches."}};
    info.options.insert(info.options.end(), own.begin(), own.end());
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<DiskIo>(); };
    info.two_samples = true;
    info.example =
        "mullion check disk-io HOST --filter-name '^C:' --critical-read-latency 0.05 --warning-busy 90";
    return info;
}

}  // namespace mullion::checks
