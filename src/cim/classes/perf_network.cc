// Win32_PerfRawData_Tcpip_NetworkInterface, _TCPv4, _TCPv6, _UDPv4 and _UDPv6: what the kernel counts in
// /proc/net.
#include "cim/classes/classes.h"
#include "cim/classes/common.h"
#include "cim/classes/perf.h"

namespace mullion::cim {
namespace {

using enum Type;

constexpr PropertyDef interface_properties[] = {bulk_counter("BytesReceivedPersec"),
                                                bulk_counter("BytesSentPersec"),
                                                bulk_counter("BytesTotalPersec"),
                                                large_counter("CurrentBandwidth"),
                                                {"Name", string, true},
                                                large_counter("OffloadedConnections"),
                                                large_counter("OutputQueueLength"),
                                                large_counter("PacketsOutboundDiscarded"),
                                                large_counter("PacketsOutboundErrors"),
                                                bulk_counter("PacketsPersec"),
                                                large_counter("PacketsReceivedDiscarded"),
                                                large_counter("PacketsReceivedErrors"),
                                                bulk_counter("PacketsReceivedNonUnicastPersec"),
                                                bulk_counter("PacketsReceivedPersec"),
                                                bulk_counter("PacketsReceivedUnicastPersec"),
                                                large_counter("PacketsReceivedUnknown"),
                                                bulk_counter("PacketsSentNonUnicastPersec"),
                                                bulk_counter("PacketsSentPersec"),
                                                bulk_counter("PacketsSentUnicastPersec"),
                                                large_counter("TCPActiveRSCConnections"),
                                                large_counter("TCPRSCAveragePacketSize"),
                                                bulk_counter("TCPRSCCoalescedPacketsPersec"),
                                                bulk_counter("TCPRSCExceptionsPersec")};
constexpr PropertyDef tcp_properties[] = {
    raw_counter("ConnectionFailures"),      raw_counter("ConnectionsActive"),
    raw_counter("ConnectionsEstablished"),  raw_counter("ConnectionsPassive"),
    raw_counter("ConnectionsReset"),        rate_counter("SegmentsPersec"),
    rate_counter("SegmentsReceivedPersec"), rate_counter("SegmentsRetransmittedPersec"),
    rate_counter("SegmentsSentPersec")};
constexpr PropertyDef udp_properties[] = {
    rate_counter("DatagramsNoPortPersec"), rate_counter("DatagramsPersec"),
    raw_counter("DatagramsReceivedErrors"), rate_counter("DatagramsReceivedPersec"),
    rate_counter("DatagramsSentPersec")};

constinit const ClassDef interface_definition =
    perf_class("Win32_PerfRawData_Tcpip_NetworkInterface", interface_properties, false);
constinit const ClassDef tcp4_definition = perf_class("Win32_PerfRawData_Tcpip_TCPv4", tcp_properties, true);
constinit const ClassDef tcp6_definition = perf_class("Win32_PerfRawData_Tcpip_TCPv6", tcp_properties, true);
constinit const ClassDef udp4_definition = perf_class("Win32_PerfRawData_Tcpip_UDPv4", udp_properties, true);
constinit const ClassDef udp6_definition = perf_class("Win32_PerfRawData_Tcpip_UDPv6", udp_properties, true);

class PerfInterface final : public Provider {
public:
    PerfInterface() : Provider(interface_definition) {}

    std::optional<Fault> enumerate(const Machine& machine, const Question& question,
                                   Sink& sink) const override {
        const auto text = machine.read("/proc/net/dev");
        if (!text) return Fault{Fault::Kind::unreadable, "/proc/net/dev"};
        const auto stamps = stamps_now(machine);
        const bool with_speed = question.wanted.has("CurrentBandwidth");
        for (const auto& interface : parse_interface_counts(*text)) {
            auto instance = instance_of(interface);
            set_stamps(stamps, instance);
            if (with_speed) instance.set("CurrentBandwidth", interface_speed(machine, interface.name));
            if (!sink.put(std::move(instance))) break;
        }
        return std::nullopt;
    }

private:
    // The kernel counts multicast but not broadcast: what was for this machine alone is not known.
    Instance instance_of(const InterfaceCounts& counts) const {
        auto instance = make();
        instance.set("Name", readable(counts.name))
            .set("BytesReceivedPersec", counts.received_bytes)
            .set("BytesSentPersec", counts.sent_bytes)
            .set("BytesTotalPersec", counts.received_bytes + counts.sent_bytes)
            .set("PacketsReceivedPersec", counts.received_packets)
            .set("PacketsSentPersec", counts.sent_packets)
            .set("PacketsPersec", counts.received_packets + counts.sent_packets)
            .set("PacketsReceivedDiscarded", counts.received_drops)
            .set("PacketsReceivedErrors", counts.received_errors)
            .set("PacketsOutboundDiscarded", counts.sent_drops)
            .set("PacketsOutboundErrors", counts.sent_errors);
        return instance;
    }
};

// One instance, from one source.
class Counters : public Provider {
public:
    using Provider::Provider;
    std::optional<Fault> enumerate(const Machine& machine, const Question&, Sink& sink) const override {
        auto instance = make();
        set_stamps(stamps_now(machine), instance);
        if (auto fault = fill(machine, instance)) return fault;
        (void)sink.put(std::move(instance));
        return std::nullopt;
    }

private:
    virtual std::optional<Fault> fill(const Machine& machine, Instance& instance) const = 0;
};

Fault unreadable(std::string_view path) {
    return {Fault::Kind::unreadable, std::string(path)};
}

class PerfTcp4 final : public Counters {
public:
    PerfTcp4() : Counters(tcp4_definition) {}

private:
    // The kernel counts TCP of both families together.
    std::optional<Fault> fill(const Machine& machine, Instance& instance) const override {
        const auto text = machine.read("/proc/net/snmp");
        if (!text) return unreadable("/proc/net/snmp");
        const auto numbers = parse_snmp(*text);
        const auto in = number_in(numbers, "Tcp.InSegs"), out = number_in(numbers, "Tcp.OutSegs");
        instance.set("ConnectionFailures", number_in(numbers, "Tcp.AttemptFails"))
            .set("ConnectionsActive", number_in(numbers, "Tcp.ActiveOpens"))
            .set("ConnectionsPassive", number_in(numbers, "Tcp.PassiveOpens"))
            .set("ConnectionsReset", number_in(numbers, "Tcp.EstabResets"))
            .set("ConnectionsEstablished", number_in(numbers, "Tcp.CurrEstab"))
            .set("SegmentsReceivedPersec", in)
            .set("SegmentsSentPersec", out)
            .set("SegmentsPersec", sum(in, out))
            .set("SegmentsRetransmittedPersec", number_in(numbers, "Tcp.RetransSegs"));
        return std::nullopt;
    }
};

class PerfTcp6 final : public Counters {
public:
    PerfTcp6() : Counters(tcp6_definition) {}

private:
    // What there is of IPv6 alone: how many connections there are now.
    std::optional<Fault> fill(const Machine& machine, Instance& instance) const override {
        if (!machine.exists("/proc/net/snmp6")) return unreadable("/proc/net/snmp6");
        constexpr unsigned established = 1, close_wait = 8;  // RFC 4022, tcpCurrEstab: both.
        if (const auto text = machine.read("/proc/net/tcp6"))
            instance.set("ConnectionsEstablished",
                         count_sockets(*text, established) + count_sockets(*text, close_wait));
        return std::nullopt;
    }
};

void set_datagrams(const Numbers& numbers, std::string_view prefix, Instance& instance) {
    const auto of = [&](std::string_view name) {
        return number_in(numbers, std::string(prefix) + std::string(name));
    };
    instance.set("DatagramsReceivedPersec", of("InDatagrams"))
        .set("DatagramsSentPersec", of("OutDatagrams"))
        .set("DatagramsPersec", sum(of("InDatagrams"), of("OutDatagrams")))
        .set("DatagramsNoPortPersec", of("NoPorts"))
        .set("DatagramsReceivedErrors", of("InErrors"));
}

class PerfUdp4 final : public Counters {
public:
    PerfUdp4() : Counters(udp4_definition) {}

private:
    std::optional<Fault> fill(const Machine& machine, Instance& instance) const override {
        const auto text = machine.read("/proc/net/snmp");
        if (!text) return unreadable("/proc/net/snmp");
        set_datagrams(parse_snmp(*text), "Udp.", instance);
        return std::nullopt;
    }
};

class PerfUdp6 final : public Counters {
public:
    PerfUdp6() : Counters(udp6_definition) {}

private:
    std::optional<Fault> fill(const Machine& machine, Instance& instance) const override {
        const auto text = machine.read("/proc/net/snmp6");
        if (!text) return unreadable("/proc/net/snmp6");
        set_datagrams(parse_numbers(*text), "Udp6", instance);
        return std::nullopt;
    }
};

}  // namespace

const Provider& perf_network_interface() {
    static const PerfInterface provider;
    return provider;
}

const Provider& perf_tcp4() {
    static const PerfTcp4 provider;
    return provider;
}

const Provider& perf_tcp6() {
    static const PerfTcp6 provider;
    return provider;
}

const Provider& perf_udp4() {
    static const PerfUdp4 provider;
    return provider;
}

const Provider& perf_udp6() {
    static const PerfUdp6 provider;
    return provider;
}

}  // namespace mullion::cim
