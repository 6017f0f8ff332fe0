#include "exporter/allow_list.h"

#include <arpa/inet.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace mullion::exporter {
namespace {

constexpr std::size_t longest_name = 255;  // RFC 1035 2.3.4

std::optional<std::uint16_t> port_of(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (problem != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
    return port;
}

std::string lower(std::string_view text) {
    std::string small(text);
    for (char& c : small)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return small;
}

bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

std::vector<std::uint8_t> address_of(const std::string& text) {
    // The system's reader ends at a NUL, and would take what stands before it for all of it.
    if (text.find('\0') != std::string::npos) return {};
    std::vector<std::uint8_t> bytes(16);
    if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) {
        // ::ffff:10.0.0.1 is the way to 10.0.0.1, and no other host. RFC 4291 2.5.5.2
        constexpr std::array<std::uint8_t, 12> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
        if (std::equal(mapped.begin(), mapped.end(), bytes.begin()))
            bytes.erase(bytes.begin(), bytes.end() - 4);
        return bytes;
    }
    bytes.resize(4);
    if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return bytes;
    return {};
}

// One text for each address: sessions and refused log-ons are kept by it.
std::string address_text(const std::vector<std::uint8_t>& bytes) {
    std::array<char, INET6_ADDRSTRLEN> text = {};
    inet_ntop(bytes.size() == 4 ? AF_INET : AF_INET6, bytes.data(), text.data(), text.size());
    return text.data();
}

// What the resolver takes for an address, in whatever base each part is: "127.1", "127.0x1", "2130706433". No
// name ends in a number. [WHATWG URL 3.5, "ends in a number"]
bool looks_like_an_address(std::string_view host) {
    if (host.find(':') != std::string_view::npos) return true;
    auto last = host.substr(host.rfind('.') + 1);  // All of it where there is no dot.
    const bool hex = last.starts_with("0x");
    if (hex) last.remove_prefix(2);
    return std::all_of(last.begin(), last.end(),
                       [hex](char c) { return (c >= '0' && c <= '9') || (hex && c >= 'a' && c <= 'f'); });
}

// The host and what stands behind it as a port.
struct Parts {
    std::string_view host, port;
    bool has_port = false;
};
std::optional<Parts> split(std::string_view text) {
    Parts parts;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        parts.host = text.substr(1, end - 1);
        text.remove_prefix(end + 1);
        if (text.empty()) return parts;
        if (text.front() != ':') return std::nullopt;
        parts.has_port = true;
        parts.port = text.substr(1);
        return parts;
    }
    const auto colon = text.find(':');
    // Several: an address of IPv6 without a port.
    parts.has_port = colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos;
    parts.host = parts.has_port ? text.substr(0, colon) : text;
    if (parts.has_port) parts.port = text.substr(colon + 1);
    return parts;
}

// * is within one part of a name, ** across them. It goes back to the last star of either kind and no
// further, so it takes no longer than the product of both lengths.
bool matches(std::string_view pattern, std::string_view text) {
    struct Star {
        std::size_t pattern, text;
        bool dots;
    };
    std::optional<Star> star, wide;
    std::size_t at = 0, in = 0;
    while (in < text.size()) {
        if (at < pattern.size() && pattern[at] == '*') {
            const bool dots = pattern.substr(at).starts_with("**");
            at += dots ? 2 : 1;
            star = Star{at, in, dots};
            if (dots) wide = star;
        } else if (at < pattern.size() &&
                   (pattern[at] == text[in] || (pattern[at] == '?' && text[in] != '.'))) {
            ++at, ++in;
        } else if (star && (star->dots || text[star->text] != '.')) {
            at = star->pattern;
            in = ++star->text;
        } else if (wide) {
            star = wide;
            at = star->pattern;
            in = ++star->text;
            wide = star;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

}  // namespace

std::string TargetName::text() const {
    const auto name = host.find(':') == std::string::npos ? host : '[' + host + ']';
    return port ? fmt::format("{}:{}", name, *port) : name;
}

std::optional<TargetName> parse_target_name(std::string_view text) {
    const auto parts = split(text);
    if (!parts || parts->host.empty() || parts->host.size() > longest_name) return std::nullopt;
    TargetName target;
    target.host = lower(parts->host);
    if (target.host.find(':') != std::string::npos) {
        const auto address = address_of(target.host);
        if (address.empty()) return std::nullopt;
        target.host = address_text(address);
    } else if (target.host.front() == '-' ||
               !std::all_of(target.host.begin(), target.host.end(), is_name_char)) {
        return std::nullopt;
    } else if (target.host.ends_with('.')) {
        target.host.pop_back();  // The root: the same host, which must not pass by a rule under another name.
        if (target.host.empty() || target.host.ends_with('.')) return std::nullopt;
    }
    if (looks_like_an_address(target.host) && address_of(target.host).empty()) return std::nullopt;
    if (parts->has_port) {
        target.port = port_of(parts->port);
        if (!target.port) return std::nullopt;
    }
    return target;
}

std::optional<AllowRule::Network> AllowRule::parse_network(const std::string& text) {
    const auto slash = text.find('/');
    Network network;
    network.address = address_of(text.substr(0, slash));
    if (network.address.empty()) return std::nullopt;
    const auto most = static_cast<unsigned>(network.address.size() * 8);
    network.bits = most;
    if (slash == std::string::npos) return network;
    const auto* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + slash + 1, end, network.bits);
    if (read.ec != std::errc() || read.ptr != end || network.bits > most) return std::nullopt;
    return network;
}

Result<AllowRule> AllowRule::parse(std::string_view text) {
    const auto wrong = [text](std::string_view why) {
        return Error(ErrorId::config_invalid,
                     fmt::format("\"{}\" is no host that can be allowed: {}", text, why));
    };
    const auto parts = split(text);
    if (!parts || parts->host.empty())
        return wrong("write NAME, a pattern with *, ADDRESS or ADDRESS/BITS, with :PORT or :* behind it");
    AllowRule rule;
    if (parts->has_port && parts->port == "*") {
        rule.any_port_ = true;
    } else if (parts->has_port) {
        rule.port_ = port_of(parts->port);
        if (!rule.port_) return wrong("the port is a number from 1 to 65535, or *");
    }
    rule.pattern_ = lower(parts->host);
    if (rule.pattern_.ends_with('.')) rule.pattern_.pop_back();  // As a target's: it would never fit.
    rule.network_ = parse_network(rule.pattern_);
    const auto fits = [](char c) { return is_name_char(c) || c == '*' || c == '?'; };
    if (!rule.network_ && !std::all_of(rule.pattern_.begin(), rule.pattern_.end(), fits))
        return wrong("a name has letters, digits, '.', '-' and '_', a pattern * and ? beside them");
    return rule;
}

bool AllowRule::allows_port(const std::optional<std::uint16_t>& port) const {
    if (any_port_) return true;
    if (port_) return port == port_;
    return !port || *port == 5985 || *port == 5986;
}

bool AllowRule::allows_host(const std::string& host) const {
    const auto address = looks_like_an_address(host) ? address_of(host) : std::vector<std::uint8_t>();
    if (!network_) {
        // 10.* is meant for addresses: a stranger's 10.evil.example is none. And the other way round, * alone
        // is for all.
        const bool for_addresses = pattern_.find_first_not_of("0123456789.*?") == std::string::npos &&
                                   pattern_.find_first_of("0123456789") != std::string::npos;
        if (for_addresses && address.empty()) return false;
        return pattern_ == "*" || matches(pattern_, host);
    }
    if (address.size() != network_->address.size()) return false;
    for (unsigned bit = 0; bit < network_->bits; ++bit) {
        const unsigned mask = 0x80U >> (bit % 8);
        if ((address[bit / 8] & mask) != (network_->address[bit / 8] & mask)) return false;
    }
    return true;
}

bool AllowRule::allows(const TargetName& target) const {
    return allows_port(target.port) && allows_host(target.host);
}

bool AllowList::allows(const TargetName& target) const {
    return std::any_of(rules_.begin(), rules_.end(), [&](const auto& rule) { return rule.allows(target); });
}

}  // namespace mullion::exporter
