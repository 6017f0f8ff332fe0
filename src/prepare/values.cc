#include "prepare/values.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "core/nearest.h"
#include "encoding/utf16.h"

namespace mullion::prepare {
namespace {

constexpr std::size_t longest_name = 64;
constexpr std::size_t longest_account = 20;  // Of a local account, and of sAMAccountName for users.
constexpr std::size_t longest_domain = 255;
constexpr std::size_t most_sources = 100;

Error wrong(std::string_view option, std::string_view text, std::string_view meant) {
    return {ErrorId::usage_invalid,
            fmt::format("{} '{}': {}", option, encoding::shortened(std::string(text), 80), meant)};
}

bool is_letter_or_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

std::vector<std::string_view> parts_of(std::string_view text, char between) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto at = text.find(between);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

std::optional<std::uint64_t> number(std::string_view text, std::uint64_t most) {
    std::uint64_t value = 0;
    const auto* const end = text.data() + text.size();
    const auto [at, problem] = std::from_chars(text.data(), end, value);
    if (text.empty() || problem != std::errc() || at != end || value > most) return std::nullopt;
    return value;
}

// An address with or without the length of a prefix, in the form in which Windows says it again: without the
// bits behind the prefix. Nothing for anything else.
std::optional<std::string> network_of(std::string_view text) {
    const auto slash = text.find('/');
    const std::string address(text.substr(0, slash));
    std::array<unsigned char, 16> bytes{};
    const bool four = ::inet_pton(AF_INET, address.c_str(), bytes.data()) == 1;
    if (!four && ::inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return std::nullopt;
    if (slash == std::string_view::npos) return address;
    const unsigned most = four ? 32 : 128;
    const auto bits = number(text.substr(slash + 1), most);
    if (!bits) return std::nullopt;
    for (unsigned bit = static_cast<unsigned>(*bits); bit < most; ++bit)
        bytes[bit / 8] &= static_cast<unsigned char>(~(0x80U >> (bit % 8)));
    std::array<char, INET6_ADDRSTRLEN> shown{};
    ::inet_ntop(four ? AF_INET : AF_INET6, bytes.data(), shown.data(), shown.size());
    return fmt::format("{}/{}", shown.data(), *bits);
}

enum class Kind { number, truth, hardening, filter };

struct SettingRow {
    std::string_view path;
    Kind kind;
};

// Of winrm/config, by the names of PowerShell's drive: what is Winrs there is Shell here.
constexpr std::array rows{
    SettingRow{"MaxEnvelopeSizekb", Kind::number},
    SettingRow{"MaxTimeoutms", Kind::number},
    SettingRow{"MaxBatchItems", Kind::number},
    SettingRow{"Service\\MaxConcurrentOperationsPerUser", Kind::number},
    SettingRow{"Service\\EnumerationTimeoutms", Kind::number},
    SettingRow{"Service\\MaxConnections", Kind::number},
    SettingRow{"Service\\MaxPacketRetrievalTimeSeconds", Kind::number},
    SettingRow{"Service\\AllowUnencrypted", Kind::truth},
    SettingRow{"Service\\Auth\\Basic", Kind::truth},
    SettingRow{"Service\\Auth\\Kerberos", Kind::truth},
    SettingRow{"Service\\Auth\\Negotiate", Kind::truth},
    SettingRow{"Service\\Auth\\Certificate", Kind::truth},
    SettingRow{"Service\\Auth\\CbtHardeningLevel", Kind::hardening},
    SettingRow{"Service\\IPv4Filter", Kind::filter},
    SettingRow{"Service\\IPv6Filter", Kind::filter},
    SettingRow{"Service\\EnableCompatibilityHttpListener", Kind::truth},
    SettingRow{"Service\\EnableCompatibilityHttpsListener", Kind::truth},
    SettingRow{"Shell\\AllowRemoteShellAccess", Kind::truth},
    SettingRow{"Shell\\IdleTimeout", Kind::number},
    SettingRow{"Shell\\MaxConcurrentUsers", Kind::number},
    SettingRow{"Shell\\MaxShellRunTime", Kind::number},
    SettingRow{"Shell\\MaxProcessesPerShell", Kind::number},
    SettingRow{"Shell\\MaxMemoryPerShellMB", Kind::number},
    SettingRow{"Shell\\MaxShellsPerUser", Kind::number},
};

std::string_view meant(Kind kind) {
    switch (kind) {
        case Kind::number:
            return "a number";
        case Kind::truth:
            return "true or false";
        case Kind::hardening:
            return "None, Relaxed or Strict";
        case Kind::filter:
            return "*, or ranges of addresses as 10.0.0.1-10.0.0.20";
    }
    return "";
}

// The value as Windows writes it; nothing where it is none of that kind.
std::optional<std::string> settle(Kind kind, std::string_view value) {
    const auto one_of = [value](std::initializer_list<std::string_view> words) -> std::optional<std::string> {
        for (const auto word : words)
            if (same_word(word, value)) return std::string(word);
        return std::nullopt;
    };
    switch (kind) {
        case Kind::number:
            if (!number(value, 0xFFFF'FFFF)) return std::nullopt;
            return std::string(value);
        case Kind::truth:
            return one_of({"true", "false"});
        case Kind::hardening:
            return one_of({"None", "Relaxed", "Strict"});
        case Kind::filter:
            if (value.size() > 1024 ||
                value.find_first_not_of("0123456789abcdefABCDEF.:*-, ") != std::string_view::npos)
                return std::nullopt;
            return std::string(value);
    }
    return std::nullopt;
}

// "WSMan:\localhost\Shell\X", "winrm/config/Winrs/X" and "Winrs/X" are one.
std::string drive_path(std::string_view text) {
    std::string path(text);
    std::replace(path.begin(), path.end(), '/', '\\');
    for (const std::string_view root : {"WSMan:\\localhost\\", "winrm\\config\\", "\\"})
        if (path.size() > root.size() && same_word(std::string_view(path).substr(0, root.size()), root))
            path.erase(0, root.size());
    constexpr std::string_view winrs = "Winrs\\";
    if (path.size() > winrs.size() && same_word(std::string_view(path).substr(0, winrs.size()), winrs))
        path.replace(0, winrs.size(), "Shell\\");
    return path;
}

}  // namespace

Result<std::string> check_thumbprint(std::string_view option, std::string_view text) {
    std::string digits;
    for (const char c : text) {
        if (c == ' ' || c == ':') continue;
        const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (!hex || digits.size() == 40)
            return wrong(option, text, "a thumbprint is 40 hexadecimal digits (SHA-1)");
        digits += c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    if (digits.size() != 40) return wrong(option, text, "a thumbprint is 40 hexadecimal digits (SHA-1)");
    return digits;
}

Result<std::string> check_sources(std::string_view option, std::string_view text) {
    if (same_word(text, "any") || text == "*") return std::string("*");
    std::string out;
    const auto parts = parts_of(text, ',');
    if (parts.size() > most_sources) return wrong(option, text, "over 100 addresses");
    for (const auto part : parts) {
        const auto place =
            same_word(part, "LocalSubnet") ? std::optional<std::string>("LocalSubnet") : network_of(part);
        if (!place)
            return wrong(option, part,
                         "write any, LocalSubnet, or addresses and CIDRs as 10.1.0.0/16,fd00::/8");
        if (!out.empty()) out += ',';
        out += *place;
    }
    return out;
}

Result<std::uint16_t> check_port(std::string_view option, std::string_view text) {
    const auto port = number(text, 65'535);
    if (!port || *port == 0) return wrong(option, text, "a port is 1 to 65535");
    return static_cast<std::uint16_t>(*port);
}

Result<std::int64_t> check_profiles(std::string_view option, std::string_view text) {
    constexpr std::int64_t every_profile = 7;
    if (same_word(text, "any")) return every_profile;
    std::int64_t bits = 0;
    for (const auto part : parts_of(text, ',')) {
        if (same_word(part, "domain"))
            bits |= 1;
        else if (same_word(part, "private"))
            bits |= 2;
        else if (same_word(part, "public"))
            bits |= 4;
        else
            return wrong(option, part,
                         "profiles are domain, private and public, with commas between, or any");
    }
    return bits;
}

Result<std::string> check_account(std::string_view option, std::string_view text, bool domain) {
    auto name = text;
    if (const auto slash = text.find('\\'); slash != std::string_view::npos && domain) {
        if (slash == 0 || slash > longest_name || !check_name(option, text.substr(0, slash)).ok())
            return wrong(option, text, "before the backslash stands a domain's name");
        if (slash == 1 && text.front() == '.')  // What runs there knows no such domain.
            return wrong(option, text, "a local account is its name alone, without .\\");
        name = text.substr(slash + 1);
    }
    const auto units = encoding::utf8_to_utf16(name, encoding::ByteOrder::little);
    const bool steers = std::any_of(name.begin(), name.end(),
                                    [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    // What Windows does not allow in the name of a user, and names of blanks and dots alone.
    if (!units || name.empty() || units->size() / 2 > longest_account || steers ||
        name.find_first_of("\"/\\[]:;|=,+*?<>@%") != std::string_view::npos ||
        name.find_first_not_of(". ") == std::string_view::npos)
        return wrong(option, text,
                     domain ? "an account is NAME or DOMAIN\\NAME, of at most 20 characters, none of "
                              "\"/\\[]:;|=,+*?<>@%"
                            : "an account's name has at most 20 characters, none of \"/\\[]:;|=,+*?<>@%");
    return std::string(text);
}

Result<std::string> check_name(std::string_view option, std::string_view text) {
    const bool known = std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter_or_digit(c) || std::string_view(" ._-()").find(c) != std::string_view::npos;
    });
    if (text.empty() || text.size() > longest_name || !known || text.front() == ' ' || text.back() == ' ' ||
        text.front() == '-')
        return wrong(option, text,
                     "a name has 1 to 64 letters, digits, blanks and ._-(), and begins with no -");
    return std::string(text);
}

Result<std::string> check_domain(std::string_view option, std::string_view text) {
    const auto labels = parts_of(text, '.');
    const bool right = std::all_of(labels.begin(), labels.end(), [](std::string_view label) {
        return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
               std::all_of(label.begin(), label.end(),
                           [](char c) { return is_letter_or_digit(c) || c == '-'; });
    });
    if (!right || labels.size() < 2 || text.size() > longest_domain)
        return wrong(option, text, "write the domain's DNS name, as corp.example.com");
    return std::string(text);
}

Result<ConfigSetting> check_setting(std::string_view option, std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) return wrong(option, text, "write PATH=VALUE");
    const auto path = drive_path(text.substr(0, equals));
    const auto found = std::find_if(rows.begin(), rows.end(),
                                    [&](const SettingRow& row) { return same_word(row.path, path); });
    if (found == rows.end()) {
        std::vector<std::string_view> names;
        for (const auto& row : rows) names.push_back(row.path);
        const auto near = nearest(path, names);
        return wrong(option, text,
                     near.empty() ? std::string("this sets no such path")
                                  : fmt::format("this sets no such path; did you mean {}?", near));
    }
    auto value = settle(found->kind, text.substr(equals + 1));
    if (!value) return wrong(option, text, fmt::format("{} is {}", found->path, meant(found->kind)));
    return ConfigSetting{std::string(found->path), std::move(*value)};
}

std::vector<std::string> known_settings() {
    std::vector<std::string> all;
    for (const auto& row : rows) all.push_back(fmt::format("{}: {}", row.path, meant(row.kind)));
    return all;
}

}  // namespace mullion::prepare
