// UDP, by Win32_PerfRawData_Tcpip_UDPv4 and _UDPv6.
#include "exporter/collectors/all.h"
#include "exporter/metric_table.h"

namespace mullion::exporter {
namespace {

constexpr Metric metrics[] = {
    {{"windows_udp_datagram_no_port_total",
      Kind::counter,
      "Datagrams for a port where nobody listened (DatagramsNoPortPersec)",
      {"af"}},
     "DatagramsNoPortPersec"},
    // A counter, while windows_exporter calls it a gauge.
    {{"windows_udp_datagram_received_total",
      Kind::counter,
      "Datagrams received (DatagramsReceivedPersec)",
      {"af"}},
     "DatagramsReceivedPersec"},
    {{"windows_udp_datagram_received_errors_total",
      Kind::counter,
      "Datagrams that could not be delivered for another reason (DatagramsReceivedErrors)",
      {"af"}},
     "DatagramsReceivedErrors"},
    {{"windows_udp_datagram_sent_total", Kind::counter, "Datagrams sent (DatagramsSentPersec)", {"af"}},
     "DatagramsSentPersec"}};
constexpr auto properties = properties_of(metrics);
constexpr auto columns = columns_of(metrics);
constexpr auto families = families_of(metrics);
constexpr Source sources[] = {{"Win32_PerfRawData_Tcpip_UDPv4", properties},
                              {"Win32_PerfRawData_Tcpip_UDPv6", properties, Source::Rows::maybe}};

void read(const Given& given, Page& page) {
    given.each(0, [&](const Row& row) { add_columns(page, row, columns, {"ipv4"}); });
    given.each(1, [&](const Row& row) { add_columns(page, row, columns, {"ipv6"}); });
}

}  // namespace

constinit const Collector udp_collector = {"udp", "UDP: datagrams", sources, families, read};

}  // namespace mullion::exporter
