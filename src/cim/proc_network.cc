// /proc/net.
#include <fmt/core.h>

#include <algorithm>

#include "cim/lines.h"
#include "cim/proc_files.h"

namespace mullion::cim {
namespace {

// As the kernel prints an address: the number that its bytes are to this machine.
std::string dotted(std::uint32_t address) {
    const auto byte = [&](unsigned at) { return address >> (8 * at) & 0xFF; };
    return fmt::format("{}.{}.{}.{}", byte(0), byte(1), byte(2), byte(3));
}

void add_values(std::string_view protocol, std::string_view names, std::string_view values,
                Numbers& numbers) {
    for (auto name = take_word(names); !name.empty(); name = take_word(names)) {
        const auto value = number<std::uint64_t>(take_word(values));
        if (value && numbers.size() < most_rows)
            numbers.emplace(fmt::format("{}.{}", protocol, name), *value);
    }
}

std::optional<Gateway> gateway_of(std::string_view line) {
    Gateway gateway;
    gateway.interface = take_word(line);
    const auto destination = number<std::uint32_t>(take_word(line), 16);
    const auto address = number<std::uint32_t>(take_word(line), 16);
    const auto flags = number<std::uint32_t>(take_word(line), 16);
    skip_words(line, 2);
    const auto metric = number<std::uint64_t>(take_word(line));
    const auto mask = number<std::uint32_t>(take_word(line), 16);
    constexpr std::uint32_t up_gateway = 0x0003;  // RTF_UP | RTF_GATEWAY
    if (!destination || !address || !flags || !metric || !mask) return std::nullopt;
    if (*destination != 0 || *mask != 0 || (*flags & up_gateway) != up_gateway) return std::nullopt;
    gateway.address = dotted(*address);
    gateway.metric = *metric;
    return gateway;
}

}  // namespace

Numbers parse_snmp(std::string_view text) {
    Numbers numbers;
    while (const auto first = take_line(text)) {
        const auto second = take_line(text);
        if (!second) break;
        auto names = *first, values = *second;
        const auto protocol = take_until(names, ':');
        if (take_until(values, ':') == protocol) add_values(protocol, names, values, numbers);
    }
    return numbers;
}

std::vector<InterfaceCounts> parse_interface_counts(std::string_view text) {
    std::vector<InterfaceCounts> interfaces;
    (void)take_line(text);
    (void)take_line(text);
    while (const auto whole = take_line(text)) {
        // Names of aliases have a colon of their own.
        const auto colon = whole->rfind(':');
        if (colon == std::string_view::npos) continue;
        InterfaceCounts one;
        one.name = trimmed(whole->substr(0, colon));
        auto line = whole->substr(colon + 1);
        std::uint64_t fifo = 0, compressed = 0;
        if (!one.name.empty() && interfaces.size() < most_rows &&
            take_numbers(line, one.received_bytes, one.received_packets, one.received_errors,
                         one.received_drops, fifo, one.received_frame, compressed, one.received_multicast,
                         one.sent_bytes, one.sent_packets, one.sent_errors, one.sent_drops))
            interfaces.push_back(std::move(one));
    }
    return interfaces;
}

std::vector<Gateway> parse_gateways(std::string_view text) {
    std::vector<Gateway> gateways;
    (void)take_line(text);
    while (const auto line = take_line(text))
        if (auto gateway = gateway_of(*line); gateway && gateways.size() < most_rows)
            gateways.push_back(std::move(*gateway));
    std::stable_sort(gateways.begin(), gateways.end(),
                     [](const Gateway& a, const Gateway& b) { return a.metric < b.metric; });
    return gateways;
}

std::uint64_t count_sockets(std::string_view text, unsigned state) {
    std::uint64_t count = 0;
    (void)take_line(text);
    while (const auto whole = take_line(text)) {
        auto line = *whole;
        skip_words(line, 3);
        if (number<unsigned>(take_word(line), 16) == state) ++count;
    }
    return count;
}

}  // namespace mullion::cim
