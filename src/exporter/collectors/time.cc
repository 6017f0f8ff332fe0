// The host's clock, and what keeps it right.
#include "exporter/collectors/all.h"
#include "exporter/metric_table.h"

namespace mullion::exporter {
namespace {

constexpr double microsecond = 1e-6;

constexpr Family current = {"windows_time_current_timestamp_seconds",
                            Kind::gauge,
                            "The host's time, in seconds since 1970 (Win32_OperatingSystem.LocalDateTime)",
                            {}};
constexpr Family timezone = {
    "windows_time_timezone",
    Kind::gauge,
    "1, with the name of the time zone in the host's language (Win32_TimeZone.StandardName)",
    {"timezone"}};
constexpr Metric metrics[] = {
    {{"windows_time_clock_frequency_adjustment", Kind::gauge,
      "How W32Time changes the clock's frequency, in the clock's own units (ClockFrequencyAdjustment)"},
     "ClockFrequencyAdjustment"},
    {{"windows_time_computed_time_offset_seconds", Kind::gauge,
      "How far the clock is from its source, without the sign (ComputedTimeOffset)"},
     "ComputedTimeOffset",
     microsecond},
    {{"windows_time_ntp_client_time_sources", Kind::gauge, "NTP sources in use (NTPClientTimeSourceCount)"},
     "NTPClientTimeSourceCount"},
    {{"windows_time_ntp_round_trip_delay_seconds", Kind::gauge,
      "How long the last NTP answer took (NTPRoundtripDelay)"},
     "NTPRoundtripDelay",
     microsecond},
    {{"windows_time_ntp_server_incoming_requests_total", Kind::counter,
      "Requests to its own NTP server (NTPServerIncomingRequests)"},
     "NTPServerIncomingRequests"},
    {{"windows_time_ntp_server_outgoing_responses_total", Kind::counter,
      "Answers of its own NTP server (NTPServerOutgoingResponses)"},
     "NTPServerOutgoingResponses"}};
constexpr std::string_view os_properties[] = {"LocalDateTime"};
constexpr std::string_view zone_properties[] = {"StandardName"};
constexpr auto properties = properties_of(metrics);
constexpr auto columns = columns_of(metrics);
constexpr auto families = together(std::array{&current, &timezone}, families_of(metrics));
constexpr Source sources[] = {
    {"Win32_OperatingSystem", os_properties},
    {"Win32_TimeZone", zone_properties, Source::Rows::maybe, Source::Known::somewhere},
    // Of Windows 10 and Server 2016 and later.
    {"Win32_PerfRawData_MicrosoftWindowsW32TimePerf_WindowsTimeService", properties, Source::Rows::maybe,
     Source::Known::somewhere}};

void read(const Given& given, Page& page) {
    given.each(0, [&](const Row& row) {
        if (const auto at = row.timestamp("LocalDateTime")) page.add(current, {}, *at);
    });
    given.each(1, [&](const Row& row) {
        if (const auto name = row.text("StandardName")) page.add(timezone, {*name}, 1);
    });
    given.each(2, [&](const Row& row) { add_columns(page, row, columns); });
}

}  // namespace

constinit const Collector time_collector = {"time", "The clock and W32Time", sources, families, read};

}  // namespace mullion::exporter
