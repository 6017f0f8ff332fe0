// What all classes of raw counters (Win32_PerfRawData_…) have: the types of counters and the time stamps that
// two samples are reckoned with.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "cim/classes/common.h"
#include "cim/provider.h"

namespace mullion::cim {

extern const ClassDef win32_perf_raw_data;

// winperf.h; "WMI Performance Counter Types".
namespace counter {
inline constexpr std::uint32_t raw = 0x00010000;            // PERF_COUNTER_RAWCOUNT
inline constexpr std::uint32_t large_raw = 0x00010100;      // PERF_COUNTER_LARGE_RAWCOUNT
inline constexpr std::uint32_t rate = 0x10410400;           // PERF_COUNTER_COUNTER
inline constexpr std::uint32_t bulk = 0x10410500;           // PERF_COUNTER_BULK_COUNT
inline constexpr std::uint32_t timer = 0x20510500;          // PERF_100NSEC_TIMER
inline constexpr std::uint32_t inverse_timer = 0x21510500;  // PERF_100NSEC_TIMER_INV
inline constexpr std::uint32_t precise_timer = 0x20570500;  // PERF_PRECISION_100NS_TIMER
inline constexpr std::uint32_t precise_base = 0x40030500;   // PERF_LARGE_RAW_BASE, of precise_timer
inline constexpr std::uint32_t elapsed = 0x30240500;        // PERF_ELAPSED_TIME
inline constexpr std::uint32_t fraction = 0x20020400;       // PERF_RAW_FRACTION
inline constexpr std::uint32_t fraction_base = 0x40030403;  // PERF_RAW_BASE
inline constexpr std::uint32_t average_timer = 0x30020400;  // PERF_AVERAGE_TIMER
inline constexpr std::uint32_t average_bulk = 0x40020500;   // PERF_AVERAGE_BULK
inline constexpr std::uint32_t average_base = 0x40030402;   // PERF_AVERAGE_BASE
inline constexpr std::uint32_t queue_length = 0x00550500;   // PERF_COUNTER_100NS_QUEUELEN_TYPE
}  // namespace counter

// Properties that are counters, and the kinds that there are most of.
constexpr PropertyDef counted(std::string_view name, Type type, std::uint32_t kind) {
    return {name, type, false, false, kind};
}
constexpr PropertyDef raw_counter(std::string_view name) {
    return counted(name, Type::uint32, counter::raw);
}
constexpr PropertyDef large_counter(std::string_view name) {
    return counted(name, Type::uint64, counter::large_raw);
}
constexpr PropertyDef rate_counter(std::string_view name) {
    return counted(name, Type::uint32, counter::rate);
}
constexpr PropertyDef bulk_counter(std::string_view name) {
    return counted(name, Type::uint64, counter::bulk);
}
constexpr PropertyDef timer_counter(std::string_view name) {
    return counted(name, Type::uint64, counter::timer);
}

constexpr ClassDef perf_class(std::string_view name, std::span<const PropertyDef> properties,
                              bool singleton) {
    return {name, &win32_perf_raw_data, properties, {}, false, singleton, "root/cimv2"};
}

// The clocks of one answer: all of its instances have the same, so they can be compared and added up.
struct Stamps {
    std::uint64_t file_time = 0;  // 100 ns since 1601, in UTC.
    std::uint64_t perf_time = 0;  // 100 ns, by a clock that nobody sets.
};
[[nodiscard]] std::uint64_t file_time(std::int64_t unix_microseconds);
[[nodiscard]] Stamps stamps_now(const Machine& machine);
void set_stamps(const Stamps& stamps, Instance& instance);

// Of one processor, or the mean of so many: its name, its times and the stamps.
void set_processor(const Machine& machine, const Stamps& stamps, const std::string& name,
                   const CpuTimes& times, std::uint64_t processors, Instance& instance);
// By the number of the processor; empty where nobody wants to know.
[[nodiscard]] std::map<unsigned, std::uint64_t> interrupts_of(const Machine& machine, const Wanted& wanted);

}  // namespace mullion::cim
