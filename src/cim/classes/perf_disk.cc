// Win32_PerfRawData_PerfDisk_PhysicalDisk and _LogicalDisk, by /proc/diskstats
// (Documentation/admin-guide/iostats.rst).
#include <algorithm>
#include <array>
#include <map>

#include "cim/classes/classes.h"
#include "cim/classes/mounts.h"
#include "cim/classes/perf.h"

namespace mullion::cim {
namespace {

using enum Type;

constexpr PropertyDef disk_properties[] = {
    counted("AvgDiskBytesPerRead", uint64, counter::average_bulk),
    counted("AvgDiskBytesPerRead_Base", uint32, counter::average_base),
    counted("AvgDiskBytesPerTransfer", uint64, counter::average_bulk),
    counted("AvgDiskBytesPerTransfer_Base", uint32, counter::average_base),
    counted("AvgDiskBytesPerWrite", uint64, counter::average_bulk),
    counted("AvgDiskBytesPerWrite_Base", uint32, counter::average_base),
    counted("AvgDiskQueueLength", uint64, counter::queue_length),
    counted("AvgDiskReadQueueLength", uint64, counter::queue_length),
    counted("AvgDisksecPerRead", uint32, counter::average_timer),
    counted("AvgDisksecPerRead_Base", uint32, counter::average_base),
    counted("AvgDisksecPerTransfer", uint32, counter::average_timer),
    counted("AvgDisksecPerTransfer_Base", uint32, counter::average_base),
    counted("AvgDisksecPerWrite", uint32, counter::average_timer),
    counted("AvgDisksecPerWrite_Base", uint32, counter::average_base),
    counted("AvgDiskWriteQueueLength", uint64, counter::queue_length),
    raw_counter("CurrentDiskQueueLength"),
    bulk_counter("DiskBytesPersec"),
    bulk_counter("DiskReadBytesPersec"),
    rate_counter("DiskReadsPersec"),
    rate_counter("DiskTransfersPersec"),
    bulk_counter("DiskWriteBytesPersec"),
    rate_counter("DiskWritesPersec"),
    {"Name", string, true},
    counted("PercentDiskReadTime", uint64, counter::precise_timer),
    counted("PercentDiskReadTime_Base", uint64, counter::precise_base),
    counted("PercentDiskTime", uint64, counter::precise_timer),
    counted("PercentDiskTime_Base", uint64, counter::precise_base),
    counted("PercentDiskWriteTime", uint64, counter::precise_timer),
    counted("PercentDiskWriteTime_Base", uint64, counter::precise_base),
    counted("PercentIdleTime", uint64, counter::precise_timer),
    counted("PercentIdleTime_Base", uint64, counter::precise_base),
    rate_counter("SplitIOPerSec")};

// Of a logical disk also these.
constexpr PropertyDef space_properties[] = {raw_counter("FreeMegabytes"),
                                            counted("PercentFreeSpace", uint32, counter::fraction),
                                            counted("PercentFreeSpace_Base", uint32, counter::fraction_base)};

template <std::size_t... Sizes>
constexpr auto together(const PropertyDef (&... parts)[Sizes]) {
    std::array<PropertyDef, (Sizes + ...)> all = {};
    auto at = all.begin();
    ((at = std::copy(std::begin(parts), std::end(parts), at)), ...);
    return all;
}
constexpr auto logical_properties = together(disk_properties, space_properties);

constinit const ClassDef physical_definition =
    perf_class("Win32_PerfRawData_PerfDisk_PhysicalDisk", disk_properties, false);
constinit const ClassDef logical_definition =
    perf_class("Win32_PerfRawData_PerfDisk_LogicalDisk", logical_properties, false);

constexpr std::uint64_t sector = 512;         // Of the file, whatever the disk's are.
constexpr std::uint64_t per_ms = 10'000;      // In units of 100 ns.
constexpr std::string_view total = "_Total";  // As Windows names the row of all.

// What is counted of one disk, or of several together.
struct Counts {
    std::uint64_t disks = 0;
    std::uint64_t reads = 0, writes = 0, read_bytes = 0, written_bytes = 0;
    std::uint64_t read_time = 0, write_time = 0, busy_time = 0, queue_time = 0;  // In 100 ns.
    std::uint64_t in_flight = 0;
};

Counts counts_of(const Disk& disk) {
    return {1,
            disk.reads,
            disk.writes,
            disk.read_sectors * sector,
            disk.written_sectors * sector,
            disk.read_ms * per_ms,
            disk.write_ms * per_ms,
            disk.busy_ms * per_ms,
            disk.weighted_ms * per_ms,
            disk.in_flight};
}

void add(const Counts& one, Counts& to) {
    to.disks += one.disks;
    to.reads += one.reads;
    to.writes += one.writes;
    to.read_bytes += one.read_bytes;
    to.written_bytes += one.written_bytes;
    to.read_time += one.read_time;
    to.write_time += one.write_time;
    to.busy_time += one.busy_time;
    to.queue_time += one.queue_time;
    to.in_flight += one.in_flight;
}

void set_rates(const Counts& counts, Instance& instance) {
    instance.set("DiskReadsPersec", counts.reads)
        .set("DiskWritesPersec", counts.writes)
        .set("DiskTransfersPersec", counts.reads + counts.writes)
        .set("DiskReadBytesPersec", counts.read_bytes)
        .set("DiskWriteBytesPersec", counts.written_bytes)
        .set("DiskBytesPersec", counts.read_bytes + counts.written_bytes)
        .set("CurrentDiskQueueLength", counts.in_flight)
        .set("AvgDiskQueueLength", counts.queue_time)
        .set("AvgDiskReadQueueLength", counts.read_time)
        .set("AvgDiskWriteQueueLength", counts.write_time);
}

void set_averages(const Counts& counts, Instance& instance) {
    const auto transfers = counts.reads + counts.writes;
    instance.set("AvgDiskBytesPerRead", counts.read_bytes)
        .set("AvgDiskBytesPerRead_Base", counts.reads)
        .set("AvgDiskBytesPerWrite", counts.written_bytes)
        .set("AvgDiskBytesPerWrite_Base", counts.writes)
        .set("AvgDiskBytesPerTransfer", counts.read_bytes + counts.written_bytes)
        .set("AvgDiskBytesPerTransfer_Base", transfers)
        // In ticks of Timestamp_PerfTime, which are 100 ns here.
        .set("AvgDisksecPerRead", counts.read_time)
        .set("AvgDisksecPerRead_Base", counts.reads)
        .set("AvgDisksecPerWrite", counts.write_time)
        .set("AvgDisksecPerWrite_Base", counts.writes)
        .set("AvgDisksecPerTransfer", counts.read_time + counts.write_time)
        .set("AvgDisksecPerTransfer_Base", transfers);
}

// Of several disks the mean, as on Windows. Idle is what is not busy: both samples have the same clock, so
// that only the difference matters.
void set_times(const Counts& counts, const Stamps& stamps, Instance& instance) {
    const auto base = stamps.file_time;
    const auto disks = std::max<std::uint64_t>(counts.disks, 1);
    const auto busy = counts.busy_time / disks;
    instance.set("PercentDiskReadTime", counts.read_time / disks)
        .set("PercentDiskReadTime_Base", base)
        .set("PercentDiskWriteTime", counts.write_time / disks)
        .set("PercentDiskWriteTime_Base", base)
        .set("PercentDiskTime", (counts.read_time + counts.write_time) / disks)
        .set("PercentDiskTime_Base", base)
        .set("PercentIdleTime", base - std::min(base, busy))
        .set("PercentIdleTime_Base", base);
}

void set_counts(const Counts& counts, const Stamps& stamps, Instance& instance) {
    set_rates(counts, instance);
    set_averages(counts, instance);
    set_times(counts, stamps, instance);
}

std::optional<std::vector<Disk>> disks_of(const Machine& machine) {
    const auto text = machine.read("/proc/diskstats");
    if (!text) return std::nullopt;
    return parse_disks(*text);
}

class PerfPhysicalDisk final : public Provider {
public:
    PerfPhysicalDisk() : Provider(physical_definition) {}

    // Whole disks that have a device behind them: no partitions, and nothing that stands on other disks
    // (loop, device mapper, RAID) or on none.
    std::optional<Fault> enumerate(const Machine& machine, const Question&, Sink& sink) const override {
        const auto disks = disks_of(machine);
        if (!disks) return Fault{Fault::Kind::unreadable, "/proc/diskstats"};
        const auto stamps = stamps_now(machine);
        Counts all;
        for (const auto& disk : *disks) {
            auto name = disk.name;
            std::replace(name.begin(), name.end(), '/', '!');  // As sysfs has cciss/c0d0.
            if (!machine.exists("/sys/block/" + name + "/device")) continue;
            const auto counts = counts_of(disk);
            add(counts, all);
            if (!put(readable(disk.name), counts, stamps, sink)) return std::nullopt;
        }
        (void)put(std::string(total), all, stamps, sink);
        return std::nullopt;
    }

private:
    bool put(const std::string& name, const Counts& counts, const Stamps& stamps, Sink& sink) const {
        auto instance = make();
        set_stamps(stamps, instance);
        instance.set("Name", name);
        set_counts(counts, stamps, instance);
        return sink.put(std::move(instance));
    }
};

// Megabytes, and of which whole.
struct Space {
    std::uint64_t free = 0, size = 0;
};

void set_space(const Space& space, Instance& instance) {
    instance.set("FreeMegabytes", space.free)
        .set("PercentFreeSpace", space.free)
        .set("PercentFreeSpace_Base", space.size);
}

class PerfLogicalDisk final : public Provider {
public:
    PerfLogicalDisk() : Provider(logical_definition) {}

    // Local file systems. What is read and written is counted for devices: null where a file system does not
    // have one of its own (btrfs, overlays, network).
    std::optional<Fault> enumerate(const Machine& machine, const Question& question,
                                   Sink& sink) const override {
        const auto mounts = mounted_disks(machine);
        if (!mounts) return Fault{Fault::Kind::unreadable, "/proc/self/mountinfo"};
        const auto devices = by_number(disks_of(machine).value_or(std::vector<Disk>{}));
        const auto stamps = stamps_now(machine);
        const bool with_space = question.wanted.has("FreeMegabytes") ||
                                question.wanted.has("PercentFreeSpace") ||
                                question.wanted.has("PercentFreeSpace_Base");
        Counts all;
        Space all_space;
        for (const auto& disk : *mounts) {
            if (disk.type != DriveType::local) continue;
            auto instance = make();
            set_stamps(stamps, instance);
            instance.set("Name", readable(disk.mount.point));
            const auto device = devices.find({disk.mount.major, disk.mount.minor});
            if (device != devices.end()) {
                set_counts(device->second, stamps, instance);
                add(device->second, all);
            }
            if (with_space) add_space(machine, disk.mount, instance, all_space);
            if (!sink.put(std::move(instance))) return std::nullopt;
        }
        auto instance = make();
        set_stamps(stamps, instance);
        instance.set("Name", total);
        if (all.disks > 0) set_counts(all, stamps, instance);
        if (with_space) set_space(all_space, instance);
        (void)sink.put(std::move(instance));
        return std::nullopt;
    }

private:
    using Devices = std::map<std::pair<unsigned, unsigned>, Counts>;
    static Devices by_number(const std::vector<Disk>& disks) {
        Devices devices;
        for (const auto& disk : disks) devices.emplace(std::pair(disk.major, disk.minor), counts_of(disk));
        return devices;
    }

    static void add_space(const Machine& machine, const Mount& mount, Instance& instance, Space& all) {
        constexpr std::uint64_t megabyte = 1 << 20;
        const auto size = machine.file_system(machine.below_root(mount.point));
        if (!size) return;
        const Space space = {size->available / megabyte, size->size / megabyte};
        set_space(space, instance);
        all.free += space.free;
        all.size += space.size;
    }
};

}  // namespace

const Provider& perf_physical_disk() {
    static const PerfPhysicalDisk provider;
    return provider;
}

const Provider& perf_logical_disk() {
    static const PerfLogicalDisk provider;
    return provider;
}

}  // namespace mullion::cim
