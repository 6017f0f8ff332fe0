#include "aws/endpoints.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "core/printable.h"

namespace mullion::aws {
namespace {

struct Row {
    std::string_view prefix;
    Partition partition;
};
// botocore's partitions.json: the regions' patterns begin so. us-gov- and the longer us-iso… stand ahead of
// us-iso-.
constexpr std::array<Row, 7> rows{{
    {"cn-", {"aws-cn", "amazonaws.com.cn"}},
    {"us-gov-", {"aws-us-gov", "amazonaws.com"}},
    {"us-isob-", {"aws-iso-b", "sc2s.sgov.gov"}},
    {"us-isof-", {"aws-iso-f", "csp.hci.ic.gov"}},
    {"us-iso-", {"aws-iso", "c2s.ic.gov"}},
    {"eu-isoe-", {"aws-iso-e", "cloud.adc-e.uk"}},
    {"eusc-", {"aws-eusc", "amazonaws.eu"}},
}};
constexpr Partition common{"aws", "amazonaws.com"};

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
}

bool is_address6_character(char c) {
    return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || (c >= '0' && c <= '9') || c == ':' || c == '.';
}

std::optional<std::uint16_t> read_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (problem != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
    return port;
}

// HOST, HOST:PORT, [ADDRESS], [ADDRESS]:PORT.
bool read_authority(std::string_view text, Endpoint& into) {
    std::string_view port;
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos) return false;
        into.host = text.substr(1, close - 1);
        port = text.substr(close + 1);
        if (!std::all_of(into.host.begin(), into.host.end(), is_address6_character)) return false;
    } else {
        const auto colon = std::min(text.find(':'), text.size());
        into.host = text.substr(0, colon);
        port = text.substr(colon);
        if (!std::all_of(into.host.begin(), into.host.end(), is_host_character)) return false;
    }
    if (into.host.empty() || into.host.size() > 253) return false;
    if (port.empty()) return true;
    const auto number = read_port(port.substr(1));
    if (port.front() != ':' || !number) return false;
    into.port = *number;
    return true;
}

std::optional<Location> read_location(std::string_view text) {
    Location found;
    if (text.size() > 2048) return std::nullopt;
    if (text.starts_with("https://")) {
        text.remove_prefix(8);
    } else if (text.starts_with("http://")) {
        text.remove_prefix(7);
        found.endpoint.tls = false;
    } else {
        return std::nullopt;
    }
    const auto slash = std::min(text.find('/'), text.size());
    if (!read_authority(text.substr(0, slash), found.endpoint)) return std::nullopt;
    const auto target = text.substr(slash);
    // Printable ASCII without blanks, and no fragment: it goes into a request's first line.
    if (!std::all_of(target.begin(), target.end(), [](char c) { return c > ' ' && c < '\x7f' && c != '#'; }))
        return std::nullopt;
    if (!target.empty()) found.target = target;
    return found;
}

}  // namespace

const Partition& partition_of(std::string_view region) {
    const auto* const row = std::find_if(rows.begin(), rows.end(),
                                         [&](const Row& one) { return region.starts_with(one.prefix); });
    return row == rows.end() ? common : row->partition;
}

bool is_region(std::string_view text) {
    const auto good = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    return text.size() >= 3 && text.size() <= 32 && text.front() != '-' && text.back() != '-' &&
           text.find('-') != std::string_view::npos && std::all_of(text.begin(), text.end(), good);
}

std::string Endpoint::host_field() const {
    const auto name = host.find(':') == std::string::npos ? host : "[" + host + "]";
    if (port == 0 || port == (tls ? 443 : 80)) return name;
    return fmt::format("{}:{}", name, port);
}

std::string Endpoint::url() const {
    return (tls ? "https://" : "http://") + host_field();
}

bool is_loopback(std::string_view host) {
    if (host == "localhost" || host == "::1") return true;
    return host.starts_with("127.") && std::count(host.begin(), host.end(), '.') == 3 &&
           std::all_of(host.begin(), host.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

Result<Endpoint> parse_service_endpoint(std::string_view text) {
    const auto found = read_location(text);
    if (!found || found->target != "/") {
        return Error(ErrorId::secrets_invalid,
                     fmt::format("'{}' is no endpoint: it is https://HOST or https://HOST:PORT",
                                 one_line(text.substr(0, 200))));
    }
    if (!found->endpoint.tls && !is_loopback(found->endpoint.host)) {
        return Error(
            ErrorId::secrets_invalid,
            fmt::format(
                "the endpoint {} is not https: keys travel in its answers, so http is for loopback only",
                found->endpoint.url()));
    }
    return found->endpoint;
}

Result<Location> parse_location(std::string_view text) {
    auto found = read_location(text);
    if (!found)
        return Error(ErrorId::aws_credentials,
                     fmt::format("'{}' is no URL of http or https", one_line(text.substr(0, 200))));
    return *std::move(found);
}

Result<Endpoint> service_endpoint(std::string_view service, std::string_view region, std::string_view given) {
    if (!given.empty()) return parse_service_endpoint(given);
    if (!is_region(region))
        return Error(ErrorId::secrets_invalid,
                     fmt::format("'{}' is no region", one_line(region.substr(0, 100))));
    return Endpoint{true, fmt::format("{}.{}.{}", service, region, partition_of(region).dns_suffix), 0};
}

}  // namespace mullion::aws
