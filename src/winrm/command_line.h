// `winrm OPERATION RESOURCE[?SELECTORS] [-SWITCH[:VALUE]]… [@{KEY="VALUE";…}]`, read into a value.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.h"
#include "core/secret.h"
#include "winrm/endpoint.h"
#include "winrm/property_bag.h"
#include "winrm/resource.h"
#include "winrm/switches.h"

namespace mullion::winrm {

enum class Operation {
    get,
    set,
    create,
    remove,
    enumerate,
    invoke,
    identify,
    quickconfig,
    configsddl,
    helpmsg,
};
enum class Authentication { automatic, none, basic, digest, negotiate, kerberos, certificate, credssp };
enum class Format { text, xml, pretty };
enum class ReturnType { object, epr, object_and_epr };
enum class Hierarchy { deep, shallow, base_properties_only };
enum class ProxyAccess { unspecified, ie_settings, winhttp_settings, auto_detect, no_proxy };
enum class ProxyAuthentication { unspecified, basic, digest, negotiate };

// How the host is reached, and as whom.
struct Connection {
    std::optional<Endpoint> remote;  // Nothing: this machine's service.
    std::string user;
    std::optional<Secret> password;  // Nothing beside a user: to be asked for.
    Authentication authentication = Authentication::automatic;
    std::string certificate;  // Thumbprint.
    bool unencrypted = false;
    bool utf16 = false;
    bool skip_ca_check = false;
    bool skip_cn_check = false;
    bool skip_revocation_check = false;
    bool default_credentials = false;
    bool spn_port = false;
    ProxyAccess proxy_access = ProxyAccess::unspecified;
    ProxyAuthentication proxy_authentication = ProxyAuthentication::unspecified;
    std::string proxy_user;
    std::optional<Secret> proxy_password;
    std::optional<std::uint32_t> timeout_ms;
};

// What an enumeration asks for.
struct Query {
    std::string filter;
    std::string dialect;                   // URI; of a get or set: the fragment's.
    std::vector<PlainProperty> selectors;  // The filter of the selector dialect, read.
    bool associations = false;
    ReturnType return_type = ReturnType::object;
    Hierarchy hierarchy = Hierarchy::deep;
};

struct Request {
    Operation operation = Operation::get;
    Connection connection;
    Format format = Format::text;
    std::string action;           // Of invoke.
    Resource resource;            // Empty for identify, quickconfig, helpmsg and `configsddl default`.
    bool root_sddl = false;       // configsddl default.
    std::vector<Property> input;  // Of @{…}.
    std::string file;             // Instead of it.
    std::vector<PlainProperty> options;
    std::string fragment;
    Query query;
    bool quiet = false;  // These three of quickconfig.
    bool force = false;
    bool https = false;
    std::uint32_t error_code = 0;  // Of helpmsg.
};

// `winrm`, `winrm help TOPIC`, `winrm OPERATION -?`: shown on standard output, exit status 0.
struct Help {
    std::string topic;  // Small letters; "help" for the first page, also where a topic is not known to us.
};

using CommandLine = std::variant<Help, Request>;

// `words` are argv without the program's name, as a shell parted them: blanks inside a word need no quotes,
// and quotes around a whole value go. A word of `@{…}` or `-options:{…}` that a shell cut at its blanks is
// put together again. The words are only looked at; passwords in them become Secrets, and clear_parts()
// (switches.h) says what to wipe afterwards. %NAME% in the value of a switch is asked of `environment`.
// Errors: usage.invalid, whose detail is what winrm writes to standard error; exit status 1.
[[nodiscard]] Result<CommandLine> parse_command_line(std::span<const std::string_view> words,
                                                     const Environment& environment = {});

[[nodiscard]] std::string_view to_string(Operation operation);

}  // namespace mullion::winrm
