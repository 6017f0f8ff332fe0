// What processors there are, by Win32_Processor.

#include "exporter/collectors/all.h"
#include "exporter/metric_table.h"

namespace mullion::exporter {
namespace {

constexpr Family info = {"windows_cpu_info",
                         Kind::gauge,
                         "1, with what Win32_Processor says of a processor",
                         {"architecture", "device_id", "description", "family", "name"}};
constexpr Metric counts[] = {
    {{"windows_cpu_info_core", Kind::gauge, "Cores of the processor", {"device_id"}}, "NumberOfCores"},
    {{"windows_cpu_info_logical_processor", Kind::gauge, "Its logical processors", {"device_id"}},
     "NumberOfLogicalProcessors"},
    // Kilobytes, whatever the name lets one think: so windows_exporter has it.
    {{"windows_cpu_info_l2_cache_size", Kind::gauge, "Its cache of level 2, in kilobytes", {"device_id"}},
     "L2CacheSize"},
    {{"windows_cpu_info_l3_cache_size", Kind::gauge, "Its cache of level 3, in kilobytes", {"device_id"}},
     "L3CacheSize"}};
// Windows 10 and Server 2016 brought these.
constexpr Metric newer[] = {
    {{"windows_cpu_info_enabled_core", Kind::gauge, "Cores that are enabled", {"device_id"}},
     "NumberOfEnabledCore"},
    {{"windows_cpu_info_thread", Kind::gauge, "Threads that it runs at a time", {"device_id"}},
     "ThreadCount"}};

constexpr std::string_view keys[] = {"DeviceID", "Architecture", "Description", "Family", "Name"};
constexpr std::string_view key[] = {"DeviceID"};
constexpr auto properties = properties_of(counts, keys);
constexpr auto newer_properties = properties_of(newer, key);
constexpr auto count_columns = columns_of(counts);
constexpr auto newer_columns = columns_of(newer);
constexpr auto families = together(std::array{&info}, together(families_of(counts), families_of(newer)));

constexpr Source sources[] = {
    {"Win32_Processor", properties},
    {"Win32_Processor", newer_properties, Source::Rows::maybe, Source::Known::somewhere}};

std::string digits(const std::optional<std::uint64_t>& value) {
    return value ? std::to_string(*value) : std::string();
}

void read(const Given& given, Page& page) {
    given.each(0, [&](const Row& row) {
        const auto device = row.text_or_empty("DeviceID");
        page.add(info,
                 {digits(row.whole("Architecture")), device, row.text_or_empty("Description"),
                  digits(row.whole("Family")), row.text_or_empty("Name")},
                 1);
        add_columns(page, row, count_columns, {device});
    });
    given.each(
        1, [&](const Row& row) { add_columns(page, row, newer_columns, {row.text_or_empty("DeviceID")}); });
}

}  // namespace

constinit const Collector cpu_info_collector = {"cpu_info", "What processors there are", sources, families,
                                                read};

}  // namespace mullion::exporter
