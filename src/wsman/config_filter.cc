// IP filters and addresses, without the system's help: this room has no sockets.
#include <algorithm>
#include <array>
#include <optional>

#include "wsman/config_parts.h"

namespace mullion::wsman {

namespace {

// Big endian; the last four bytes of version 4.
using Address = std::array<std::uint8_t, 16>;

std::optional<Address> version_4(std::string_view text) {
    Address address{};
    for (std::size_t i = 12; i < 16; ++i) {
        const auto dot = i < 15 ? text.find('.') : text.size();
        if (dot == std::string_view::npos || dot > 3) return std::nullopt;
        const auto part = parse_number<std::uint8_t>(text.substr(0, dot));
        if (!part) return std::nullopt;
        address[i] = *part;
        text.remove_prefix(std::min(dot + 1, text.size()));
    }
    return address;
}

std::optional<std::uint16_t> group(std::string_view text) {
    std::uint16_t value = 0;
    if (text.empty() || text.size() > 4) return std::nullopt;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// Groups parted by single colons into `out`; how many bytes they are. RFC 4291 2.2
std::optional<std::size_t> groups(std::string_view text, Address& out, std::size_t at) {
    const auto begin = at;
    while (!text.empty()) {
        const auto colon = std::min(text.find(':'), text.size());
        const auto part = text.substr(0, colon);
        if (part.find('.') != std::string_view::npos) {
            const auto last = colon == text.size() && at + 4 <= 16 ? version_4(part) : std::nullopt;
            if (!last) return std::nullopt;
            std::copy(last->begin() + 12, last->end(), out.begin() + static_cast<std::ptrdiff_t>(at));
            return at + 4 - begin;
        }
        const auto value = at + 2 <= 16 ? group(part) : std::nullopt;
        if (!value) return std::nullopt;
        out[at++] = static_cast<std::uint8_t>(*value >> 8);
        out[at++] = static_cast<std::uint8_t>(*value & 0xFF);
        if (colon == text.size()) break;
        text.remove_prefix(colon + 1);
        if (text.empty()) return std::nullopt;  // A colon at the end.
    }
    return at - begin;
}

std::optional<Address> version_6(std::string_view text) {
    Address address{};
    const auto gap = text.find("::");
    if (gap == std::string_view::npos) {
        const auto size = groups(text, address, 0);
        return size == 16U ? std::optional(address) : std::nullopt;
    }
    if (text.substr(0, gap).find('.') != std::string_view::npos) return std::nullopt;  // Only ever last.
    Address back{};
    const auto front = groups(text.substr(0, gap), address, 0);
    const auto rest = groups(text.substr(gap + 2), back, 0);
    if (!front || !rest || *front + *rest > 14) return std::nullopt;
    std::copy_n(back.begin(), *rest, address.end() - static_cast<std::ptrdiff_t>(*rest));
    return address;
}

std::optional<Address> address_of(std::string_view text, bool is_6) {
    if (is_6) return version_6(text);
    return version_4(text);
}

std::string_view trim(std::string_view text) {
    const auto begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

}  // namespace

bool is_ip_address(std::string_view text, bool version_6) {
    return address_of(text, version_6).has_value();
}

bool is_ip_filter(std::string_view text, bool version_6) {
    if (text.empty() || text == "*") return true;
    for (bool more = true; more;) {
        const auto comma = text.find(',');
        more = comma != std::string_view::npos;
        const auto range = text.substr(0, comma);
        const auto dash = range.find('-');
        if (dash == std::string_view::npos) return false;
        const auto from = address_of(trim(range.substr(0, dash)), version_6);
        const auto to = address_of(trim(range.substr(dash + 1)), version_6);
        if (!from || !to || *to < *from) return false;
        if (more) text.remove_prefix(comma + 1);
    }
    return true;
}

bool filter_takes(std::string_view filter, std::string_view address) {
    if (filter == "*") return true;
    address = address.substr(0, address.find('%'));  // The scope of a link-local one.
    const bool is_6 = address.find(':') != std::string_view::npos;
    const auto own = address_of(address, is_6);
    while (own && !filter.empty()) {
        const auto comma = std::min(filter.find(','), filter.size());
        const auto range = filter.substr(0, comma);
        const auto dash = std::min(range.find('-'), range.size());
        const auto from = address_of(trim(range.substr(0, dash)), is_6);
        const auto to = address_of(trim(range.substr(std::min(dash + 1, range.size()))), is_6);
        if (from && to && *from <= *own && *own <= *to) return true;
        filter.remove_prefix(std::min(comma + 1, filter.size()));
    }
    return false;
}

}  // namespace mullion::wsman
