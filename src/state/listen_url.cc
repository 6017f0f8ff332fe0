#include "state/listen_url.h"

#include <arpa/inet.h>

#include <array>
#include <cctype>
#include <charconv>

#include <fmt/core.h>

#include "http/message.h"

namespace mullion::state {
namespace {

bool is_address(const std::string& text, int family) {
    std::array<unsigned char, sizeof(in6_addr)> ignored{};
    return inet_pton(family, text.c_str(), ignored.data()) == 1;
}

bool is_card(std::string_view text) {
    constexpr std::string_view form = "MAC:xx-xx-xx-xx-xx-xx";
    if (text.size() != form.size()) return false;
    for (std::size_t i = 4; i < form.size(); ++i)
        if (form[i] == 'x' ? std::isxdigit(static_cast<unsigned char>(text[i])) == 0 : text[i] != '-')
            return false;
    return true;
}

bool starts_without_case(std::string_view text, std::string_view start) {
    return http::same_without_case(text.substr(0, start.size()), start);
}

}  // namespace

std::optional<std::string> parse_listener_address(std::string_view text) {
    if (text == "*") return "*";
    if (starts_without_case(text, "MAC:")) {
        if (!is_card(text)) return std::nullopt;
        return "MAC:" + std::string(text.substr(4));
    }
    if (starts_without_case(text, "IP:")) text.remove_prefix(3);
    if (text.size() > 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
    std::string address(text);
    if (address.find('\0') != std::string::npos) return std::nullopt;  // inet_pton would stop there.
    if (is_address(address, AF_INET) || is_address(address, AF_INET6)) return address;
    return std::nullopt;
}

std::string listener_address_text(std::string_view address) {
    if (address == "*" || address.starts_with("MAC:")) return std::string(address);
    return "IP:" + std::string(address);
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (text.empty() || problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return port;
}

Result<ListenerSettings> parse_listen_url(std::string_view url) {
    const auto wrong = [&](std::string_view why) {
        return Error{ErrorId::config_invalid, fmt::format("--listen {}: {}", url, why)};
    };
    ListenerSettings out;
    std::string_view rest = url;
    if (starts_without_case(rest, "https://"))
        out.https = true;
    else if (!starts_without_case(rest, "http://"))
        return wrong("http:// or https:// is wanted");
    rest.remove_prefix(out.https ? 8 : 7);

    constexpr std::string_view ask = "?clientcertnegotiation=true";
    if (rest.size() > ask.size() && http::same_without_case(rest.substr(rest.size() - ask.size()), ask)) {
        if (!out.https) return wrong("ClientCertNegotiation is for https only");
        out.ask_at_handshake = true;
        rest.remove_suffix(ask.size());
    }
    if (const auto slash = rest.find('/'); slash != std::string_view::npos) {
        const auto path = rest.substr(slash);
        if (path != "/" && path != "/wsman" && path != "/wsman/") return wrong("the path is always /wsman");
        rest = rest.substr(0, slash);
    }
    // The port's colon is the one behind the bracket of an IPv6 address.
    const auto bracket = rest.rfind(']');
    const auto colon = rest.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (colon != std::string_view::npos) {
        out.port = parse_port(rest.substr(colon + 1));
        if (!out.port) return wrong("the port is not a number from 0 to 65535");
        rest = rest.substr(0, colon);
    }
    if (rest == "localhost") rest = "127.0.0.1";
    const auto address = parse_listener_address(rest);
    if (!address) return wrong("the host is an address of this machine, localhost or *; IPv6 in brackets");
    out.address = *address;
    return out;
}

std::string listener_url(bool https, std::string_view address, std::uint16_t port, std::string_view prefix) {
    const bool six = address.find(':') != std::string_view::npos && !address.starts_with("MAC:");
    return fmt::format("{}://{}{}{}:{}/{}", https ? "https" : "http", six ? "[" : "", address, six ? "]" : "",
                       port, prefix);
}

}  // namespace mullion::state
