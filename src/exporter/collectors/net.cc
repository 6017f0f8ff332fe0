// Network cards: what they carry by Win32_PerfRawData_Tcpip_NetworkInterface, what they are by
// Win32_NetworkAdapter, its configuration and MSFT_NetAdapter.
#include <algorithm>

#include "exporter/collectors/all.h"
#include "exporter/collectors/net_address.h"
#include "exporter/metric_table.h"

namespace mullion::exporter {
namespace {

constexpr Metric metrics[] = {
    {{"windows_net_bytes_received_total", Kind::counter, "Bytes received (BytesReceivedPersec)", {"nic"}},
     "BytesReceivedPersec"},
    {{"windows_net_bytes_sent_total", Kind::counter, "Bytes sent (BytesSentPersec)", {"nic"}},
     "BytesSentPersec"},
    {{"windows_net_bytes_total", Kind::counter, "Bytes of both ways (BytesTotalPersec)", {"nic"}},
     "BytesTotalPersec"},
    {{"windows_net_output_queue_length_packets",
      Kind::gauge,
      "Packets that wait (OutputQueueLength)",
      {"nic"}},
     "OutputQueueLength"},
    {{"windows_net_packets_outbound_discarded_total",
      Kind::counter,
      "Packets that were not sent (PacketsOutboundDiscarded)",
      {"nic"}},
     "PacketsOutboundDiscarded"},
    {{"windows_net_packets_outbound_errors_total",
      Kind::counter,
      "Packets that could not be sent (PacketsOutboundErrors)",
      {"nic"}},
     "PacketsOutboundErrors"},
    {{"windows_net_packets_received_discarded_total",
      Kind::counter,
      "Packets received and dropped (PacketsReceivedDiscarded)",
      {"nic"}},
     "PacketsReceivedDiscarded"},
    {{"windows_net_packets_received_errors_total",
      Kind::counter,
      "Packets received with errors (PacketsReceivedErrors)",
      {"nic"}},
     "PacketsReceivedErrors"},
    {{"windows_net_packets_received_total",
      Kind::counter,
      "Packets received (PacketsReceivedPersec)",
      {"nic"}},
     "PacketsReceivedPersec"},
    {{"windows_net_packets_received_unknown_total",
      Kind::counter,
      "Packets received of an unknown protocol (PacketsReceivedUnknown)",
      {"nic"}},
     "PacketsReceivedUnknown"},
    {{"windows_net_packets_sent_total", Kind::counter, "Packets sent (PacketsSentPersec)", {"nic"}},
     "PacketsSentPersec"},
    {{"windows_net_packets_total", Kind::counter, "Packets of both ways (PacketsPersec)", {"nic"}},
     "PacketsPersec"},
    {{"windows_net_current_bandwidth_bytes",
      Kind::gauge,
      "Bytes a second that it can carry (CurrentBandwidth)",
      {"nic"}},
     "CurrentBandwidth",
     1.0 / 8}};
constexpr Family info = {"windows_net_nic_info",
                         Kind::gauge,
                         "1, with a card's other name and its address",
                         {"nic", "friendly_name", "mac"}};
constexpr Family address_info = {"windows_net_nic_address_info",
                                 Kind::gauge,
                                 "1, with an address of a card",
                                 {"nic", "address", "family"}};
constexpr Family status = {"windows_net_nic_operation_status",
                           Kind::gauge,
                           "1 of the status that a card has (RFC 2863 ifOperStatus)",
                           {"nic", "status"}};

constexpr std::string_view key[] = {"Name"};
constexpr auto properties = properties_of(metrics, key);
constexpr auto columns = columns_of(metrics);
constexpr auto families = together(families_of(metrics), std::array{&info, &address_info, &status});
constexpr std::string_view adapter_properties[] = {"Name", "NetConnectionID", "MACAddress"};
constexpr std::string_view configuration_properties[] = {"Description", "IPAddress", "IPEnabled"};
constexpr std::string_view status_properties[] = {"InterfaceDescription", "InterfaceOperationalStatus"};
constexpr Source sources[] = {
    {"Win32_PerfRawData_Tcpip_NetworkInterface", properties},
    {"Win32_NetworkAdapter", adapter_properties, Source::Rows::maybe},
    {"Win32_NetworkAdapterConfiguration", configuration_properties, Source::Rows::maybe},
    // Of Windows 8 and Server 2012 and later, in a namespace that has rights of its own.
    {"MSFT_NetAdapter", status_properties, Source::Rows::maybe, Source::Known::somewhere,
     "root/StandardCimv2"}};

// ifOperStatus, from 1 on.
constexpr std::string_view statuses[] = {"up",      "down",        "testing",         "unknown",
                                         "dormant", "not present", "lower layer down"};

// Names of counters' instances cannot have these, so Windows replaces them there.
std::string counters_name(std::string name) {
    constexpr std::string_view from = "()#/\\", to = "[]___";
    for (char& c : name)
        if (const auto at = from.find(c); at != std::string_view::npos) c = to[at];
    return name;
}

void add_adapters(const Given& given, Page& page) {
    given.each(1, [&](const Row& row) {
        const auto nic = counters_name(row.text_or_empty("Name"));
        const auto friendly = row.text("NetConnectionID");  // Null of what nobody can plug a cable in.
        if (friendly && given.filters().nics.shows(nic))
            page.add(info, {nic, *friendly, row.text_or_empty("MACAddress")}, 1);
    });
}

void add_addresses(const Given& given, Page& page) {
    given.each(2, [&](const Row& row) {
        const auto nic = counters_name(row.text_or_empty("Description"));
        if (!row.boolean("IPEnabled").value_or(false) || !given.filters().nics.shows(nic)) return;
        for (const auto& address : row.texts("IPAddress"))
            if (const auto family = family_of_global(address); !family.empty())
                page.add(address_info, {nic, address, family}, 1);
    });
}

void add_statuses(const Given& given, Page& page) {
    given.each(3, [&](const Row& row) {
        const auto nic = counters_name(row.text_or_empty("InterfaceDescription"));
        const auto now = row.whole("InterfaceOperationalStatus");
        if (!now || !given.filters().nics.shows(nic)) return;
        add_states(page, status, statuses,
                   *now >= 1 && *now <= std::size(statuses) ? statuses[*now - 1] : std::string_view(), {nic});
    });
}

void read(const Given& given, Page& page) {
    given.each(0, [&](const Row& row) {
        const auto nic = row.text_or_empty("Name");
        if (!is_total(nic) && given.filters().nics.shows(nic)) add_columns(page, row, columns, {nic});
    });
    add_adapters(given, page);
    add_addresses(given, page);
    add_statuses(given, page);
}

}  // namespace

constinit const Collector net_collector = {"net", "Network cards: bytes, packets, errors, addresses", sources,
                                           families, read};

}  // namespace mullion::exporter
