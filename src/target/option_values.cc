#include "target/option_values.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "encoding/hex.h"
#include "target/host_name.h"

namespace mullion::target {
namespace {

Error expected(std::string_view what, std::string_view text) {
    return {ErrorId::usage_invalid, fmt::format("'{}' is not {}", text, what)};
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (auto& letter : result)
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    return result;
}

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> parts;
    for (;;) {
        const auto comma = text.find(',');
        auto part = text.substr(0, comma);
        while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
        while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
        parts.push_back(lower(part));
        if (comma == std::string_view::npos) return parts;
        text.remove_prefix(comma + 1);
    }
}

bool is_control(char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte < 0x20 || byte == 0x7f;
}

}  // namespace

Result<Duration> parse_seconds(std::string_view text) {
    double seconds = 0;
    const auto [end, fault] =
        std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
    const bool whole = fault == std::errc{} && end == text.data() + text.size();
    if (!whole || !std::isfinite(seconds) || seconds < 0.001 || seconds > 1e6)
        return expected("a number of seconds between 0.001 and 1000000", text);
    return Duration(std::llround(seconds * 1000));
}

Result<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (fault != std::errc{} || end != text.data() + text.size() || port == 0)
        return expected("a port between 1 and 65535", text);
    return port;
}

Result<bool> parse_bool(std::string_view text) {
    const auto word = lower(text);
    for (const auto yes : {"yes", "true", "on", "1", "y"})
        if (word == yes) return true;
    for (const auto no : {"no", "false", "off", "0", "n"})
        if (word == no) return false;
    return expected("yes or no", text);
}

Result<std::string> parse_path(std::string_view text) {
    const bool plain =
        std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f && c != '#'; });
    if (text.empty() || text.front() != '/' || !plain || text.size() > 2048)
        return expected("a path such as /wsman (what is not ASCII must be percent-encoded)", text);
    return std::string(text);
}

Result<std::string> parse_text(std::string_view text) {
    if (text.empty()) return expected("a text", text);
    if (std::any_of(text.begin(), text.end(), is_control))
        return Error{ErrorId::usage_invalid, "the value has control characters"};
    return std::string(text);
}

Result<Scheme> parse_scheme(std::string_view text) {
    const auto word = lower(text);
    if (word == "http") return Scheme::http;
    if (word == "https") return Scheme::https;
    return expected("http or https", text);
}

Result<MessageEncryption> parse_encryption(std::string_view text) {
    const auto word = lower(text);
    if (word == "auto") return MessageEncryption::automatic;
    if (word == "always") return MessageEncryption::always;
    if (word == "never") return MessageEncryption::never;
    return expected("auto, always or never", text);
}

Result<CertValidation> parse_cert_validation(std::string_view text) {
    CertValidation result;
    if (lower(text) == "validate") return result;
    if (lower(text) == "ignore") return CertValidation{false, false, false};
    for (const auto& part : split_list(text)) {
        if (part == "skip-ca") {
            result.chain = false;
        } else if (part == "skip-cn") {
            result.name = false;
        } else if (part == "skip-revocation") {
            result.revocation = false;
        } else {
            return expected("validate, ignore, or a list of skip-ca, skip-cn, skip-revocation", text);
        }
    }
    return result;
}

Result<std::string> parse_pin(std::string_view text) {
    constexpr std::string_view prefix = "sha256:";
    const auto word = lower(text);
    const bool prefixed = word.substr(0, prefix.size()) == prefix;
    const auto digest =
        prefixed ? encoding::from_hex(std::string_view(word).substr(prefix.size())) : std::nullopt;
    if (!digest || digest->size() != 32)
        return expected("sha256: and the 64 hex digits of the certificate's SHA-256 hash", text);
    return word;
}

Result<std::string> parse_proxy(std::string_view text) {
    const auto word = lower(text);
    if (word.empty() || word == "none" || word == "null") return std::string();
    if (word == "environment" || word == "legacy_requests") return std::string("environment");
    constexpr std::string_view scheme = "http://";
    auto rest = std::string_view(word);
    if (rest.find('@') != std::string_view::npos)
        return Error{ErrorId::usage_unsupported, "a proxy that wants a log-on is not in this version"};
    if (!rest.starts_with(scheme) && rest.find("://") != std::string_view::npos)
        return Error{ErrorId::usage_unsupported, "a proxy is reached by http://host:port in this version"};
    if (rest.starts_with(scheme)) rest.remove_prefix(scheme.size());
    while (rest.ends_with('/')) rest.remove_suffix(1);
    const auto address = parse_host_port(rest);
    if (!address || !address->port) return expected("http://host:port, none or environment", text);
    return fmt::format("{}{}", scheme, rest);
}

Result<std::string> parse_host(std::string_view text) {
    const auto host = parse_host_port(text);
    if (!host || host->port) return expected("a host name or address without a port", text);
    return host->host;
}

Result<KinitMode> parse_kinit_mode(std::string_view text) {
    const auto word = lower(text);
    if (word == "managed") return KinitMode::managed;
    if (word == "manual") return KinitMode::manual;
    return expected("managed or manual", text);
}

Result<std::vector<std::string>> parse_kdcs(std::string_view text) {
    constexpr int kerberos_port = 88;
    std::vector<std::string> kdcs;
    for (const auto& part : split_list(text)) {
        const auto kdc = parse_host_port(part);
        if (!kdc) return expected("a list of KDCs, each HOST[:PORT]", text);
        const auto port = kdc->port.value_or(kerberos_port);
        kdcs.push_back(is_ipv6(kdc->host) ? fmt::format("[{}]:{}", kdc->host, port)
                                          : fmt::format("{}:{}", kdc->host, port));
    }
    return kdcs;
}

Result<CredsspMechanism> parse_credssp_mechanism(std::string_view text) {
    const auto word = lower(text);
    if (word == "auto") return CredsspMechanism::automatic;
    if (word == "ntlm") return CredsspMechanism::ntlm;
    if (word == "kerberos") return CredsspMechanism::kerberos;
    return expected("auto, ntlm or kerberos", text);
}

Result<unsigned> parse_credssp_version(std::string_view text) {
    if (text.size() != 1 || text[0] < '2' || text[0] > '6')
        return expected("a version between 2 and 6", text);
    return static_cast<unsigned>(text[0] - '0');
}

Result<std::vector<std::string>> parse_names(std::string_view text) {
    std::vector<std::string> names;
    while (!text.empty()) {
        const auto comma = text.find(',');
        auto name = text.substr(0, comma);
        while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
        while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
        if (name.empty() || name.find('=') != std::string_view::npos ||
            std::any_of(name.begin(), name.end(), is_control))
            return expected("a list of names of environment variables", text);
        names.emplace_back(name);
        text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    }
    return names;
}

Result<std::string> parse_ca_path(std::string_view text) {
    if (text == "legacy_requests") return std::string();
    return parse_text(text);
}

Result<std::vector<std::string>> parse_transports(std::string_view text) {
    std::vector<std::string> result;
    if (lower(text) == "auto") return result;  // pywinrm's word for not saying.
    for (auto& name : split_list(text)) {
        if (name == "plaintext") name = "basic";  // pywinrm's name of Basic over http.
        constexpr std::array<std::string_view, 7> names{"basic",     "certificate", "kerberos", "ntlm",
                                                        "negotiate", "credssp",     "ssl"};
        if (std::find(names.begin(), names.end(), name) == names.end())
            return expected("a list of basic, certificate, kerberos, ntlm, negotiate, credssp", text);
        if (std::find(result.begin(), result.end(), name) == result.end()) result.push_back(std::move(name));
    }
    return result;
}

}  // namespace mullion::target
