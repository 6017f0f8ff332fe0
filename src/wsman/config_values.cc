// What a value may be, and how the service spells it. [MS-WSMV] 2.2.4.5 - 2.2.4.39, 2.2.5.1
#include <algorithm>

#include <fmt/format.h>

#include "encoding/utf16.h"
#include "wsman/config_parts.h"

namespace mullion::wsman {

namespace {

constexpr std::size_t longest_shown = 100;
constexpr std::size_t thumbprint_digits = 40;

Error wrong(const ConfigRow& row, std::string_view text, std::string_view wanted,
            std::uint32_t code = code::schema_validation) {
    return bad_request(code, fmt::format("{}: \"{}\" is not {}", row.path,
                                         encoding::shortened(std::string(text), longest_shown), wanted));
}

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

Result<std::string> number(const ConfigRow& row, std::string_view text, std::uint32_t code) {
    const auto value = parse_number<std::uint32_t>(text);
    if (!value || *value < row.minimum || *value > row.maximum)
        return wrong(row, text, fmt::format("a number from {} to {}", row.minimum, row.maximum), code);
    return std::to_string(*value);
}

bool is_url_prefix(std::string_view text) {
    if (text.empty() || text.front() == '/' || text.back() == '/') return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '/';
    });
}

// An exact name, prefix*, *suffix or <local>.
bool is_host_pattern(std::string_view text) {
    const auto begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return false;
    text = text.substr(begin, text.find_last_not_of(' ') - begin + 1);
    if (same_ignoring_case(text, "<local>")) return true;
    const auto star = text.find('*');
    if (star != std::string_view::npos) {
        const bool at_an_end = star == 0 || star == text.size() - 1;
        if (!at_an_end || text.size() == 1 || text.find('*', star + 1) != std::string_view::npos)
            return false;
    }
    return std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == '<' || c == '>' || c == '/' || c == '\x7F';
    });
}

bool are_trusted_hosts(std::string_view text) {
    if (text.empty() || text == "*") return true;
    for (bool more = true; more;) {
        const auto comma = text.find(',');
        more = comma != std::string_view::npos;
        if (!is_host_pattern(text.substr(0, comma))) return false;
        if (more) text.remove_prefix(comma + 1);
    }
    return true;
}

// Certificate managers show them with blanks; they are kept without, in upper case.
std::optional<std::string> thumbprint(std::string_view text) {
    std::string digits;
    for (const char c : text) {
        if (c == ' ') continue;
        if (!is_hex(c) || digits.size() == thumbprint_digits) return std::nullopt;
        digits += c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    if (!digits.empty() && digits.size() != thumbprint_digits) return std::nullopt;
    return digits;
}

std::optional<std::string> one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    for (const auto word : words)
        if (same_ignoring_case(text, word)) return std::string(word);
    return std::nullopt;
}

bool is_mac(std::string_view text) {
    if (text.size() != 17) return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (i % 3 == 2 ? text[i] != '-' : !is_hex(text[i])) return false;
    return true;
}

std::optional<std::string> listener_address(std::string_view text) {
    if (text == "*") return std::string(text);
    if (same_ignoring_case(text.substr(0, 3), "IP:")) {
        const auto address = text.substr(3);
        if (!is_ip_address(address, false) && !is_ip_address(address, true)) return std::nullopt;
        return std::string("IP:").append(address);
    }
    if (!same_ignoring_case(text.substr(0, 4), "MAC:") || !is_mac(text.substr(4))) return std::nullopt;
    return std::string("MAC:").append(text.substr(4));
}

bool is_mapping_uri(std::string_view text) {
    if (text.empty() || text.find_first_of("? \t\r\n") != std::string_view::npos) return false;
    const auto star = text.find('*');
    return star == std::string_view::npos || star == text.size() - 1;
}

bool is_mapping_subject(std::string_view text) {
    const auto star = text.find('*');
    if (text.empty() ||
        text.find('*', star == std::string_view::npos ? 0 : star + 1) != std::string_view::npos)
        return false;
    return star == std::string_view::npos || star == 0 || star == text.size() - 1;
}

// What was made of a text, or what it should have been.
Result<std::string> kept(const ConfigRow& row, std::string_view text, std::optional<std::string> made,
                         std::string_view wanted, std::uint32_t code = code::schema_validation) {
    if (!made) return wrong(row, text, wanted, code);
    return std::move(*made);
}

Result<std::string> kept_if(bool valid, const ConfigRow& row, std::string_view text, std::string_view wanted,
                            std::uint32_t code = code::schema_validation) {
    if (!valid) return wrong(row, text, wanted, code);
    return std::string(text);
}

Result<std::string> boolean(const ConfigRow& row, std::string_view text) {
    const auto value = parse_boolean(text);
    if (!value) return wrong(row, text, "true or false");
    return std::string(*value ? "true" : "false");
}

Result<std::string> mapping_text(const ConfigRow& row, std::string_view text) {
    if (row.type == ConfigType::mapping_uri)
        return kept_if(is_mapping_uri(text), row, text, "a resource URI with at most one *, at its end",
                       code::invalid_selector_value);
    if (row.type == ConfigType::mapping_subject)
        return kept_if(is_mapping_subject(text), row, text, "a name with at most one *, first or last",
                       code::mapping_subject);
    auto issuer = thumbprint(text);
    if (issuer && issuer->empty()) issuer.reset();
    return kept(row, text, std::move(issuer), "a thumbprint of 40 hex digits", code::mapping_issuer);
}

}  // namespace

Result<std::string> config_text(const ConfigRow& row, std::string_view text) {
    switch (row.type) {
        case ConfigType::boolean:
            return boolean(row, text);
        case ConfigType::number:
            return number(row, text, code::schema_validation);
        case ConfigType::port:
            return number(row, text, code::port_invalid);
        case ConfigType::text:
            return std::string(text);
        case ConfigType::url_prefix:
            return kept_if(is_url_prefix(text), row, text,
                           "letters, digits, _ and /, without a / at either end");
        case ConfigType::trusted_hosts:
            return kept_if(are_trusted_hosts(text), row, text,
                           "empty, * or names parted by commas, with at most one * first or last",
                           code::host_pattern);
        case ConfigType::hardening:
            return kept(row, text, one_of(text, {"None", "Relaxed", "Strict"}), "None, Relaxed or Strict",
                        code::hardening_level);
        case ConfigType::ip_filter:
            return kept_if(is_ip_filter(text, row.path.ends_with("IPv6Filter")), row, text,
                           "empty, * or ranges of addresses parted by commas", code::ip_filter);
        case ConfigType::thumbprint:
            return kept(row, text, thumbprint(text), "40 hex digits or empty");
        case ConfigType::listener_address:
            return kept(row, text, listener_address(text), "*, IP:address or MAC:aa-bb-cc-dd-ee-ff",
                        code::listener_address);
        case ConfigType::listener_transport:
            return kept(row, text, one_of(text, {"HTTP", "HTTPS"}), "HTTP or HTTPS",
                        code::invalid_selector_value);
        case ConfigType::mapping_uri:
        case ConfigType::mapping_subject:
        case ConfigType::mapping_issuer:
            return mapping_text(row, text);
    }
    return std::string(text);
}

}  // namespace mullion::wsman
