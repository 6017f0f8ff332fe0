// Volumes: what is done to them by Win32_PerfRawData_PerfDisk_LogicalDisk, what they are and how full by
// Win32_Volume, which is up to date where the counters are up to a quarter of an hour late.
#include <fmt/core.h>

#include <map>

#include "exporter/collectors/all.h"
#include "exporter/collectors/disk_times.h"

namespace mullion::exporter {
namespace {

constexpr Metric metrics[] = MULLION_DISK_METRICS("windows_logical_disk_", "volume");
// Running sums, whatever their type says: it is windows_exporter's.
constexpr Metric queues[] = {
    {{"windows_logical_disk_avg_read_requests_queued",
      Kind::gauge,
      "Seconds that reads waited in the queue, all together (AvgDiskReadQueueLength)",
      {"volume"}},
     "AvgDiskReadQueueLength",
     per_100ns},
    {{"windows_logical_disk_avg_write_requests_queued",
      Kind::gauge,
      "Seconds that writes waited in the queue, all together (AvgDiskWriteQueueLength)",
      {"volume"}},
     "AvgDiskWriteQueueLength",
     per_100ns}};
constexpr Family size = {"windows_logical_disk_size_bytes",
                         Kind::gauge,
                         "Size of the volume (Win32_Volume.Capacity, else PercentFreeSpace_Base)",
                         {"volume"}};
constexpr Family free = {"windows_logical_disk_free_bytes",
                         Kind::gauge,
                         "What of it is free (Win32_Volume.FreeSpace, else PercentFreeSpace)",
                         {"volume"}};
constexpr Family info = {"windows_logical_disk_info",
                         Kind::gauge,
                         "1, with what Win32_Volume says of the volume",
                         {"type", "volume", "volume_name", "filesystem", "serial_number"}};

constexpr std::string_view keys[] = {"Name", "PercentFreeSpace", "PercentFreeSpace_Base"};
constexpr auto properties = together(properties_of(metrics, keys), properties_of(queues));
constexpr std::string_view volume_properties[] = {"Name",       "Capacity", "FreeSpace",   "DriveType",
                                                  "FileSystem", "Label",    "SerialNumber"};
constexpr auto columns = columns_of(metrics);
constexpr auto queue_columns = columns_of(queues);
constexpr auto families =
    together(std::array{&size, &free, &info}, together(families_of(metrics), families_of(queues)));
constexpr Source sources[] = {{"Win32_PerfRawData_PerfDisk_LogicalDisk", properties},
                              {"Win32_Volume", volume_properties}};

constexpr std::uint64_t fixed = 3;  // Win32_Volume.DriveType
constexpr std::string_view types[] = {"unknown", "norootdir", "removable", "fixed",
                                      "remote",  "cdrom",     "ramdisk"};

// "C:\" is the counters' "C:", "C:\data\" their "C:\data". The root of other systems stays what it is.
std::string counters_name(std::string name) {
    if (name.size() > 1 && (name.back() == '\\' || name.back() == '/')) name.pop_back();
    return name;
}

// By its identity alone, without a letter or folder: the counters call it HarddiskVolume2, which nothing
// tells.
bool has_no_place(std::string_view name) {
    return name.starts_with("\\\\?\\");
}

void add_volume(Page& page, const Row& row, const std::string& name) {
    const auto type = row.whole("DriveType");
    const auto serial = row.whole("SerialNumber");
    page.add(info,
             {type && *type < std::size(types) ? types[*type] : types[0], name, row.text_or_empty("Label"),
              row.text_or_empty("FileSystem"), serial ? fmt::format("{:X}", *serial) : std::string()},
             1);
    if (const auto capacity = row.whole("Capacity")) page.add(size, {name}, static_cast<double>(*capacity));
    if (const auto left = row.whole("FreeSpace")) page.add(free, {name}, static_cast<double>(*left));
}

void add_counters_space(Page& page, const Row& row, const std::string& name) {
    if (const auto all = row.whole("PercentFreeSpace_Base"))
        page.add(size, {name}, static_cast<double>(*all) * mebibyte);
    if (const auto left = row.whole("PercentFreeSpace"))
        page.add(free, {name}, static_cast<double>(*left) * mebibyte);
}

void read(const Given& given, Page& page) {
    std::map<std::string, std::size_t> volumes;
    for (std::size_t at = 0; at < given.count(1); ++at)
        volumes.emplace(counters_name(given.row(1, at).text_or_empty("Name")), at);

    given.each(0, [&](const Row& row) {
        const auto name = row.text_or_empty("Name");
        if (is_total(name) || !given.filters().volumes.shows(name)) return;
        add_columns(page, row, columns, {name});
        add_columns(page, row, queue_columns, {name});
        const auto found = volumes.find(name);
        if (found == volumes.end()) {
            add_counters_space(page, row, name);
        } else {
            add_volume(page, given.row(1, found->second), name);
            volumes.erase(found);
        }
    });
    // What the counters lack: switched off, or of a system that cannot tell for each volume.
    for (const auto& [name, at] : volumes) {
        const auto row = given.row(1, at);
        if (row.whole("DriveType") == fixed && !name.empty() && !has_no_place(name) &&
            given.filters().volumes.shows(name))
            add_volume(page, row, name);
    }
}

}  // namespace

constinit const Collector logical_disk_collector = {
    "logical_disk", "Volumes: size, free space, requests, times", sources, families, read};

}  // namespace mullion::exporter
