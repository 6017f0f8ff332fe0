// TCP, by Win32_PerfRawData_Tcpip_TCPv4 and _TCPv6. On Linux the former counts both.
#include "exporter/collectors/all.h"
#include "exporter/metric_table.h"

namespace mullion::exporter {
namespace {

constexpr Metric metrics[] = {
    {{"windows_tcp_connection_failures_total",
      Kind::counter,
      "Connections that failed (ConnectionFailures)",
      {"af"}},
     "ConnectionFailures"},
    {{"windows_tcp_connections_active_total",
      Kind::counter,
      "Connections made from here (ConnectionsActive)",
      {"af"}},
     "ConnectionsActive"},
    {{"windows_tcp_connections_established",
      Kind::gauge,
      "Connections that there are (ConnectionsEstablished)",
      {"af"}},
     "ConnectionsEstablished"},
    {{"windows_tcp_connections_passive_total",
      Kind::counter,
      "Connections made to here (ConnectionsPassive)",
      {"af"}},
     "ConnectionsPassive"},
    {{"windows_tcp_connections_reset_total",
      Kind::counter,
      "Connections that were reset (ConnectionsReset)",
      {"af"}},
     "ConnectionsReset"},
    {{"windows_tcp_segments_total", Kind::counter, "Segments sent and received (SegmentsPersec)", {"af"}},
     "SegmentsPersec"},
    {{"windows_tcp_segments_received_total",
      Kind::counter,
      "Segments received (SegmentsReceivedPersec)",
      {"af"}},
     "SegmentsReceivedPersec"},
    {{"windows_tcp_segments_retransmitted_total",
      Kind::counter,
      "Segments sent again (SegmentsRetransmittedPersec)",
      {"af"}},
     "SegmentsRetransmittedPersec"},
    {{"windows_tcp_segments_sent_total", Kind::counter, "Segments sent (SegmentsSentPersec)", {"af"}},
     "SegmentsSentPersec"}};
constexpr auto properties = properties_of(metrics);
constexpr auto columns = columns_of(metrics);
constexpr auto families = families_of(metrics);
constexpr Source sources[] = {{"Win32_PerfRawData_Tcpip_TCPv4", properties},
                              {"Win32_PerfRawData_Tcpip_TCPv6", properties, Source::Rows::maybe}};

void read(const Given& given, Page& page) {
    given.each(0, [&](const Row& row) { add_columns(page, row, columns, {"ipv4"}); });
    given.each(1, [&](const Row& row) { add_columns(page, row, columns, {"ipv6"}); });
}

}  // namespace

constinit const Collector tcp_collector = {"tcp", "TCP: connections and segments", sources, families, read};

}  // namespace mullion::exporter
