// How many TCP connections are established. Win32_PerfRawData_Tcpip_TCPv4 and TCPv6; a mode that Centreon has
// not.
#include <fmt/format.h>

#include <array>

#include "checks/counters/counters.h"
#include "checks/modes/all.h"
#include "checks/nothing.h"
#include "checks/rows.h"

namespace mullion::checks {
namespace {

struct Family {
    std::string_view name, class_name;
};
constexpr std::array<Family, 2> families = {
    {{"ipv4", "Win32_PerfRawData_Tcpip_TCPv4"}, {"ipv6", "Win32_PerfRawData_Tcpip_TCPv6"}}};

std::vector<Block> blocks() {
    return {
        {.name = "tcp",
         .instances = true,
         .counters = {{.label = "connections-established", .metric = "tcp.connections.established.count"}},
         .all_well = "All TCP connections are ok"}};
}

class Tcp final : public Mode {
public:
    Result<void> prepare(const Setting& setting) override { return counters_.prepare(setting.words); }

    std::vector<Ask> ask(const Setting&, std::span<const Answer> so_far) override {
        if (!so_far.empty() || counters_.only_listed()) return {};
        std::vector<Ask> all;
        for (const auto& family : families)
            all.emplace_back(Query{fmt::format("Select ConnectionsEstablished From {}", family.class_name)});
        return all;
    }

    Result<void> judge(const Setting&, std::span<const Answer> answers, Samples&, Report& report) override {
        if (counters_.only_listed()) {
            counters_.list(report);
            return {};
        }
        CountedBlock counted;
        for (std::size_t at = 0; at < families.size(); ++at) {
            const auto& rows = rows_of(answers[at]);
            if (rows.empty()) {
                say_no_rows(report, families.at(at).class_name, rights::counters);
                continue;
            }
            MULLION_ASSIGN(const auto established, number(rows.front(), "ConnectionsEstablished"));
            counted.push_back(connections(families.at(at).name, established));
        }
        return counters_.judge({std::move(counted)}, report);
    }

private:
    static Counted connections(std::string_view family, std::uint64_t established) {
        Counted counted;
        counted.instance = family;
        counted.prefix = fmt::format("TCP '{}' ", family);
        counted.readings = {{.is = Reading::Is::value,
                             .number = static_cast<double>(established),
                             .text = fmt::format("connections established: {}", established),
                             .metrics = {{.value = std::to_string(established), .min = "0"}}}};
        return counted;
    }

    Counters counters_{blocks()};
};

}  // namespace

ModeInfo tcp_mode() {
    ModeInfo info;
    info.name = "tcp";
    info.help = "How many TCP connections are established, of IPv4 and IPv6.";
    info.options = counter_options(blocks());
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<Tcp>(); };
    info.example = "mullion check tcp HOST --warning-connections-established 5000";
    return info;
}

}  // namespace mullion::checks
