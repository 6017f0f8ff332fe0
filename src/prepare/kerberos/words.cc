#include "prepare/kerberos/words.h"

#include <arpa/inet.h>
#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace mullion::prepare {
namespace {

constexpr std::size_t longest_name = 253;  // RFC 1035 2.3.4, without the last dot and its length
constexpr std::size_t longest_label = 63;  // RFC 1035 2.3.4
constexpr std::size_t longest_user = 32;   // useradd(8)
constexpr std::size_t longest_principal = 256;
constexpr std::size_t longest_path = 1024;

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

Error wrong(std::string_view option, std::string_view text, std::string_view why) {
    return {ErrorId::usage_invalid, fmt::format("{} '{}': {}", option, text.substr(0, longest_name), why)};
}

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= longest_label && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(),
                       [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
}

bool are_labels(std::string_view text) {
    if (text.empty() || text.size() > longest_name) return false;
    for (;;) {
        const auto dot = text.find('.');
        if (!is_label(text.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

bool is_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
    return problem == std::errc{} && end == text.data() + text.size() && port != 0;
}

bool is_address(std::string_view text, int family) {
    in6_addr address{};
    return inet_pton(family, std::string(text).c_str(), &address) == 1;
}

// All digits and dots, and no address: a mistyped one, not a name.
bool looks_like_address(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.'; });
}

bool is_principal_character(char c) {
    return is_letter(c) || is_digit(c) || std::string_view("._-$/+~#").find(c) != std::string_view::npos ||
           static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::string in_small_letters(std::string_view text) {
    std::string small(text);
    for (char& c : small)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return small;
}

Result<void> check_realm(std::string_view text) {
    if (!are_labels(text)) return wrong("--realm", text, "not a realm, such as EXAMPLE.COM");
    if (std::any_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; }))
        return wrong("--realm", text,
                     "a realm is written in capitals: the domain's full DNS name, as EXAMPLE.COM");
    return {};
}

Result<void> check_host_name(std::string_view text, std::string_view option) {
    if (!are_labels(text) || looks_like_address(text))
        return wrong(option, text, "not a DNS name, such as dc1.example.com");
    return {};
}

Result<void> check_address(std::string_view text, std::string_view option) {
    if (!is_address(text, AF_INET) && !is_address(text, AF_INET6))
        return wrong(option, text, "not an address, such as 10.0.0.5 or 2001:db8::5");
    return {};
}

Result<void> check_host_and_port(std::string_view text, std::string_view option) {
    constexpr std::string_view help = "write HOST or HOST:PORT; an IPv6 address stands in brackets";
    auto host = text;
    if (const auto close = text.find(']'); text.starts_with('[') && close != std::string_view::npos) {
        const auto rest = text.substr(close + 1);
        if (!is_address(text.substr(1, close - 1), AF_INET6)) return wrong(option, text, help);
        if (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1))))
            return wrong(option, text, help);
        return {};
    }
    if (const auto colon = text.find(':'); colon != std::string_view::npos) {
        if (!is_port(text.substr(colon + 1))) return wrong(option, text, help);
        host = text.substr(0, colon);
    }
    if (is_address(host, AF_INET)) return {};
    if (!are_labels(host) || looks_like_address(host)) return wrong(option, text, help);
    return {};
}

Result<void> check_path(std::string_view text, std::string_view option) {
    if (text.size() < 2 || text.front() != '/' || text.back() == '/' || text.size() > longest_path)
        return wrong(option, text, "not an absolute path of a file");
    if (text.find("/../") != std::string_view::npos || text.ends_with("/.."))
        return wrong(option, text, "leave out ..");
    return {};
}

Result<void> check_user(std::string_view text, std::string_view option) {
    const bool fits = !text.empty() && text.size() <= longest_user && text.front() != '-' &&
                      std::all_of(text.begin(), text.end(), [](char c) {
                          return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.';
                      });
    if (!fits) return wrong(option, text, "not the name of an account of this machine");
    return {};
}

Result<std::string> whole_principal(std::string_view text, std::string_view realm) {
    const auto at = text.find('@');
    const auto name = text.substr(0, at);
    if (name.empty() || text.size() > longest_principal || name.front() == '-' || name.front() == '/' ||
        name.back() == '/' || !std::all_of(name.begin(), name.end(), is_principal_character))
        return wrong("--principal", text, fmt::format("write NAME or NAME@{}", realm));
    if (at != std::string_view::npos && text.substr(at + 1) != realm)
        return wrong("--principal", text,
                     fmt::format("its realm is not {}, which is what is prepared", realm));
    return fmt::format("{}@{}", name, realm);
}

}  // namespace mullion::prepare
