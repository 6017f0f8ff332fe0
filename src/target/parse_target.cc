#include <fmt/core.h>

#include <optional>

#include "encoding/hex.h"
#include "encoding/utf16.h"
#include "target/host_name.h"
#include "target/option_values.h"
#include "target/target.h"

namespace mullion::target {
namespace {

constexpr std::size_t longest_target = 4096;

Error not_a_target(std::string detail) {
    return {ErrorId::usage_target, std::move(detail)};
}

std::optional<std::string> percent_decode(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            result += text[i];
            continue;
        }
        const auto byte = encoding::from_hex(text.substr(i + 1, 2));
        if (!byte || byte->size() != 1) return std::nullopt;
        result += *byte;
        i += 2;
    }
    return result;
}

// What stands before the host: a user, never a password. The text is not repeated: it may hold one.
Result<std::string> parse_user(std::string_view text, bool encoded) {
    if (text.find(':') != std::string_view::npos) {
        auto error =
            not_a_target("a password does not belong on the command line, where every user can read it");
        error.advice.emplace_back(
            "Change that password if others use this machine, then use -k or --password-file FILE.");
        return error;
    }
    const auto user = encoded ? percent_decode(text) : std::string(text);
    if (!user || !encoding::is_utf8(*user) || !parse_text(*user).ok())
        return not_a_target("the user name before '@' is empty or malformed");
    return *user;
}

}  // namespace

Result<Target> parse_target(std::string_view text, const Target& options) {
    if (text.empty()) return not_a_target("it is empty");
    if (text.size() > longest_target) return not_a_target("it is too long");
    Target target = options;

    const auto colons = text.find("://");
    const bool url = colons != std::string_view::npos;
    auto authority = text;
    if (url) {
        auto scheme = parse_scheme(text.substr(0, colons));
        if (!scheme.ok()) return not_a_target("the scheme before '://' is neither http nor https");
        target.scheme = scheme.value();
        authority.remove_prefix(colons + 3);
    }
    // A user is never in the path: look for '@' only before the first '/'. The last one counts
    // (NAME@REALM@host).
    const auto slash = url ? authority.find('/') : std::string_view::npos;
    const auto path = slash == std::string_view::npos ? std::string_view{} : authority.substr(slash);
    authority = authority.substr(0, slash);
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        MULLION_ASSIGN(target.user, parse_user(authority.substr(0, at), url));
        authority.remove_prefix(at + 1);
    }
    const auto host = parse_host_port(authority);
    if (!host) return not_a_target("there is no host name or address with an optional port in it");
    target.name = authority;
    target.host = host->host;
    if (host->port) target.port = *host->port;
    if (!path.empty() && path != "/") {
        auto parsed = parse_path(path);
        if (!parsed.ok())
            return not_a_target("the path has characters that must be percent-encoded, or a fragment");
        target.path = std::move(parsed).value();
    }
    return settle(std::move(target));
}

}  // namespace mullion::target
