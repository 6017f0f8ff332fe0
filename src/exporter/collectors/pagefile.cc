// Page files, by Win32_PageFileUsage, whose sizes are in MB.
#include "exporter/collectors/all.h"
#include "exporter/metric_table.h"

namespace mullion::exporter {
namespace {

constexpr Family limit = {
    "windows_pagefile_limit_bytes", Kind::gauge, "Size of a page file (AllocatedBaseSize)", {"file"}};
constexpr Family free = {"windows_pagefile_free_bytes",
                         Kind::gauge,
                         "What of it is not used (AllocatedBaseSize less CurrentUsage)",
                         {"file"}};
constexpr std::array families = {&limit, &free};
constexpr std::string_view properties[] = {"Name", "AllocatedBaseSize", "CurrentUsage"};
constexpr Source sources[] = {{"Win32_PageFileUsage", properties, Source::Rows::maybe}};

void read(const Given& given, Page& page) {
    given.each(0, [&](const Row& row) {
        const auto file = row.text_or_empty("Name");
        const auto size = row.whole("AllocatedBaseSize"), used = row.whole("CurrentUsage");
        if (size) page.add(limit, {file}, static_cast<double>(*size) * mebibyte);
        if (size && used && *used <= *size)
            page.add(free, {file}, static_cast<double>(*size - *used) * mebibyte);
    });
}

}  // namespace

constinit const Collector pagefile_collector = {"pagefile", "Page files", sources, families, read};

}  // namespace mullion::exporter
