// Physical disks, by Win32_PerfRawData_PerfDisk_PhysicalDisk, whose instances are "0 C: D:": a number, and
// what lies on it.
#include "exporter/collectors/all.h"
#include "exporter/collectors/disk_times.h"

namespace mullion::exporter {
namespace {

constexpr Metric metrics[] = MULLION_DISK_METRICS("windows_physical_disk_", "disk");
constexpr std::string_view key[] = {"Name"};
constexpr auto properties = properties_of(metrics, key);
constexpr auto columns = columns_of(metrics);
constexpr auto families = families_of(metrics);
constexpr Source sources[] = {{"Win32_PerfRawData_PerfDisk_PhysicalDisk", properties, Source::Rows::always}};

void read(const Given& given, Page& page) {
    given.each(0, [&](const Row& row) {
        const auto name = row.text_or_empty("Name");
        if (is_total(name)) return;
        const auto disk = name.substr(0, name.find(' '));
        if (given.filters().disks.shows(disk)) add_columns(page, row, columns, {disk});
    });
}

}  // namespace

constinit const Collector physical_disk_collector = {
    "physical_disk", "Physical disks: requests, bytes, times", sources, families, read};

}  // namespace mullion::exporter
