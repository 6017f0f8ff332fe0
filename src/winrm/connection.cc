#include "winrm/connection.h"

#include <charconv>

#include "winrm/letters.h"
#include "winrm/refuse.h"

namespace mullion::winrm {
namespace {

using Id = SwitchId;

std::string quoted(std::string_view name) {
    return "'-" + std::string(name) + "'";
}

Error only_with(std::string_view name, std::string_view other) {
    return refuse_with_error("The " + quoted(name) + " option is only valid when used with the " +
                             quoted(other) + " option");
}

Error not_together(std::string_view name, std::string_view other) {
    return refuse_with_error("The " + quoted(name) + " option cannot be used together with " + quoted(other));
}

template <class T>
struct Name {
    std::string_view name;
    T value;
};

template <class T, std::size_t N>
std::optional<T> look_up(const Name<T> (&names)[N], std::string_view text) {
    for (const auto& row : names) {
        if (same_letters(row.name, text)) return row.value;
    }
    return std::nullopt;
}

Error invalid_value(std::string_view name, std::string_view value, std::string_view kind = "flag") {
    return refuse_with_error("The specified " + quoted(name) + " " + std::string(kind) + " '" +
                             std::string(value) + "' has an invalid value.");
}

constexpr Name<Authentication> authentications[] = {
    {"none", Authentication::none},         {"basic", Authentication::basic},
    {"digest", Authentication::digest},     {"negotiate", Authentication::negotiate},
    {"kerberos", Authentication::kerberos}, {"certificate", Authentication::certificate},
    {"credssp", Authentication::credssp},
};

Result<void> read_remote(const Switches& switches, Connection& to) {
    if (switches.has(Id::encoding)) {
        if (!switches.has(Id::remote)) return only_with("encoding", "remote");
        const auto encoding = switches.text(Id::encoding);
        to.utf16 = same_letters(encoding, "utf-16");
        if (!to.utf16 && !same_letters(encoding, "utf-8")) {
            return refuse_with_error("The specified encoding flag is invalid.");
        }
    }
    to.unencrypted = switches.has(Id::unencrypted);
    if (to.unencrypted && !switches.has(Id::remote)) return only_with("unencrypted", "remote");
    if (switches.has(Id::usessl) && !switches.has(Id::remote)) return only_with("usessl", "remote");
    if (switches.has(Id::remote)) {
        MULLION_ASSIGN(to.remote, parse_endpoint(switches.text(Id::remote), switches.has(Id::usessl)));
    }
    return {};
}

// What one way to log on needs and forbids.
Result<void> check_authentication(const Switches& switches, Authentication way, const std::string& name) {
    const bool user = switches.has(Id::username);
    const bool password = switches.has(Id::password);
    const bool certificate = switches.has(Id::certificate);
    const auto refused = [&name](std::string_view option, std::string_view what) {
        return refuse_with_error("The " + quoted(option) + " option " + std::string(what) +
                                 " '-auth:" + name + "'");
    };
    const bool by_name = way == Authentication::basic || way == Authentication::credssp;
    if (by_name && !user) return refused("username", "must be specified for");
    if (way == Authentication::certificate && !certificate)
        return refused("certificate", "must be specified for");
    if (way != Authentication::certificate && certificate) return refused("certificate", "is not valid for");
    if (way != Authentication::certificate && way != Authentication::none) return {};
    if (user) return refused("username", "is not valid for");
    if (password) return refused("password", "is not valid for");
    return {};
}

Result<void> read_credentials(const Switches& switches, Connection& to) {
    if (switches.has(Id::authentication)) {
        const auto text = switches.text(Id::authentication);
        const auto way = look_up(authentications, text);
        if (!way) return invalid_value("authentication", text);
        if (*way == Authentication::digest) {
            return refuse_with_error("'-auth:digest' is not available: nothing here speaks it",
                                     "Use -auth:negotiate (Kerberos or NTLM), or -auth:basic over https.");
        }
        MULLION_TRY(check_authentication(switches, *way, lower(text)));
        to.authentication = *way;
    } else if (switches.has(Id::certificate)) {
        return only_with("certificate", "auth:certificate");
    }
    const bool negotiate = to.authentication == Authentication::negotiate;
    to.default_credentials = switches.has(Id::default_creds);
    if (switches.has(Id::certificate)) {
        if (switches.has(Id::username)) return not_together("username", "certificate");
        if (switches.has(Id::password)) return not_together("password", "certificate");
        to.certificate = switches.text(Id::certificate);
    }
    if (to.default_credentials) {
        if (switches.has(Id::username)) return not_together("username", "defaultCreds");
        if (switches.has(Id::password)) return not_together("password", "defaultCreds");
        if (!negotiate) {
            return refuse_with_error(
                "The defaultcreds option is only valid when the authentication mechanism is negotiate");
        }
        // A ticket of whoever sits here, for a host that nobody has verified.
        if (!to.remote || !to.remote->https) {
            return refuse_with_error("The defaultcreds option is only valid over https");
        }
    }
    // winrm takes no notice of a password without a user; who gave it thought otherwise.
    if (switches.has(Id::password) && !switches.has(Id::username)) return only_with("password", "username");
    to.user = switches.text(Id::username);
    if (switches.has(Id::password)) {
        auto password = switches.secret(Id::password);
        if (!password.empty()) to.password = std::move(password);
    }
    to.spn_port = switches.has(Id::spn_port);
    const bool spn = to.authentication == Authentication::automatic || negotiate ||
                     to.authentication == Authentication::kerberos;
    if (to.spn_port && !spn) {
        return refuse_with_error(
            "The spnport option is only valid when the authentication mechanism is negotiate or kerberos");
    }
    return {};
}

Result<void> read_proxy(const Switches& switches, Connection& to) {
    static constexpr Name<ProxyAccess> accesses[] = {{"ie_settings", ProxyAccess::ie_settings},
                                                     {"winhttp_settings", ProxyAccess::winhttp_settings},
                                                     {"auto_detect", ProxyAccess::auto_detect},
                                                     {"no_proxy", ProxyAccess::no_proxy}};
    static constexpr Name<ProxyAuthentication> ways[] = {{"basic", ProxyAuthentication::basic},
                                                         {"digest", ProxyAuthentication::digest},
                                                         {"negotiate", ProxyAuthentication::negotiate}};
    if (switches.has(Id::proxy_access)) {
        const auto text = switches.text(Id::proxy_access);
        const auto access = look_up(accesses, text);
        if (!access) return invalid_value("proxyaccess", text, "field");
        to.proxy_access = *access;
    }
    if (switches.has(Id::proxy_authentication)) {
        if (!switches.has(Id::proxy_access)) return only_with("proxyauthentication", "proxyaccess");
        const auto text = switches.text(Id::proxy_authentication);
        const auto way = look_up(ways, text);
        if (!way) return invalid_value("proxyauthentication", text);
        to.proxy_authentication = *way;
    }
    if (switches.has(Id::proxy_username)) {
        if (!switches.has(Id::proxy_authentication)) return only_with("proxyusername", "proxyauthentication");
        to.proxy_user = switches.text(Id::proxy_username);
    }
    if (switches.has(Id::proxy_password)) {
        if (!switches.has(Id::proxy_username)) return only_with("proxypassword", "proxyusername");
        auto password = switches.secret(Id::proxy_password);
        if (!password.empty()) to.proxy_password = std::move(password);
    }
    return {};
}

Result<void> read_timeout(const Switches& switches, Connection& to) {
    if (!switches.has(Id::timeout)) return {};
    const auto text = switches.text(Id::timeout);
    std::uint32_t value = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, value);
    if (failure != std::errc() || stop != end) {
        return refuse_with_error("Numeric value for -timeout option is expected");
    }
    to.timeout_ms = value;
    return {};
}

}  // namespace

Result<Connection> connection_of(const Switches& switches) {
    Connection connection;
    MULLION_TRY(read_remote(switches, connection));
    MULLION_TRY(read_credentials(switches, connection));
    MULLION_TRY(read_proxy(switches, connection));
    connection.skip_ca_check = switches.has(Id::skip_ca_check);
    connection.skip_cn_check = switches.has(Id::skip_cn_check);
    connection.skip_revocation_check = switches.has(Id::skip_revocation_check);
    MULLION_TRY(read_timeout(switches, connection));
    return connection;
}

}  // namespace mullion::winrm
