// What all classes of raw counters (Win32_PerfRawData_…) have: the types of counters and the time stamps that
// two samples are reckoned with.
#pragma once

#include <cstdint>

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

// The clocks of one answer: all of its instances have the same, so they can be compared and added up.
struct Stamps {
    std::uint64_t file_time = 0;  // 100 ns since 1601, in UTC.
    std::uint64_t perf_time = 0;  // 100 ns, by a clock that nobody sets.
};
[[nodiscard]] std::uint64_t file_time(std::int64_t unix_microseconds);
[[nodiscard]] Stamps stamps_now(const Machine& machine);
void set_stamps(const Stamps& stamps, Instance& instance);

// The times of one processor, or the mean of so many.
void set_processor_times(const Machine& machine, const CpuTimes& times, std::uint64_t processors,
                         Instance& instance);

}  // namespace mullion::cim
