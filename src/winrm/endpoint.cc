#include "winrm/endpoint.h"

#include "core/printable.h"
#include "target/host_name.h"
#include "winrm/letters.h"
#include "winrm/refuse.h"

namespace mullion::winrm {
namespace {

Error not_an_endpoint(std::string_view text) {
    const bool may_tell = text.find('@') == std::string_view::npos;
    return refuse_with_error("The '-remote' option must be of the form [http|https://]HOST[:PORT][/PREFIX]" +
                                 (may_tell ? ": " + one_line(text) : std::string()),
                             "Give the user with -username, and bracket an IPv6 address.");
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
    if (!same_letters(text.substr(0, prefix.size()), prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

// [MS-WSMV] 2.2.4: what URLPrefix may hold.
bool is_url_prefix(std::string_view text) {
    for (const char c : text) {
        if (!is_letter(c) && !is_digit(c) && c != '_' && c != '/' && c != '-' && c != '.') return false;
    }
    return true;
}

}  // namespace

Result<Endpoint> parse_endpoint(std::string_view text, bool ssl) {
    auto rest = text;
    Endpoint endpoint;
    const bool http = take_prefix(rest, "http://");
    const bool https = !http && take_prefix(rest, "https://");
    if (http && ssl) {
        return refuse_with_error(
            "The '-usessl' option cannot be used together with the transport http in '-remote'");
    }
    endpoint.https = https || ssl;
    const auto slash = rest.find('/');
    const auto authority = target::parse_host_port(rest.substr(0, slash));
    if (!authority) return not_an_endpoint(text);
    endpoint.host = authority->host;
    if (authority->port) {
        endpoint.port = *authority->port;
    } else if (http || https) {
        endpoint.port = https ? 443 : 80;
    } else {
        endpoint.port = ssl ? 5986 : 5985;
    }
    if (endpoint.port == 0) return not_an_endpoint(text);
    if (slash == std::string_view::npos) return endpoint;
    auto prefix = rest.substr(slash + 1);
    while (prefix.ends_with('/')) prefix.remove_suffix(1);
    if (prefix.starts_with('/') || !is_url_prefix(prefix)) return not_an_endpoint(text);
    if (!prefix.empty()) endpoint.prefix = prefix;
    return endpoint;
}

}  // namespace mullion::winrm
