#include "client/config_cuts.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "client/config_path.h"

namespace mullion::client {
namespace {

using Kind = ConfigChange::Kind;

// What switches a way to log on off at the host; empty where nothing does. NTLM travels in Negotiate.
std::string_view switch_of(std::string_view transport) {
    if (transport == "basic") return "Service/Auth/Basic";
    if (transport == "ntlm" || transport == "negotiate") return "Service/Auth/Negotiate";
    if (transport == "kerberos") return "Service/Auth/Kerberos";
    if (transport == "certificate") return "Service/Auth/Certificate";
    if (transport == "credssp") return "Service/Auth/CredSSP";
    return {};
}

bool seals(std::string_view transport) {
    return transport != "basic" && transport != "certificate";
}

bool is_loopback(std::string_view address) {
    return address.starts_with("127.") || address == "::1";
}

std::string_view text_of(const wsman::ConfigDocument& document, std::string_view path) {
    const auto* value = document.find(path);
    return value == nullptr ? std::string_view() : std::string_view(value->text);
}

class Judge {
public:
    Judge(const ConfigChange& change, const wsman::ConfigDocument& before, const ConfigRead& now)
        : change_(change), before_(before), now_(now), route_(now.route) {}

    std::vector<ConfigCut> cuts() {
        const auto& resource = change_.target.resource->path;
        if (resource == "listener") by_listener();
        if (resource == "service/certmapping") by_mapping();
        if (change_.kind != Kind::put || !change_.target.resource->keys.empty()) return std::move(cuts_);
        by_method();
        by_clear_messages();
        by_filter();
        by_remote_access();
        by_binding();
        by_port();
        by_connections();
        by_rights();
        return std::move(cuts_);
    }

private:
    bool changes(std::string_view path) const { return change_.document.find(path) != nullptr; }
    bool becomes(std::string_view path, std::string_view text) const {
        return changes(path) && text_of(change_.document, path) == text;
    }
    std::string_view after(std::string_view path) const {
        return text_of(changes(path) ? change_.document : before_, path);
    }
    void cut(bool certain, std::string what) { cuts_.push_back({certain, std::move(what)}); }

    void by_listener() {
        const bool in_use = text_of(before_, "Enabled") != "false" &&
                            text_of(before_, "Port") == std::to_string(now_.port) &&
                            text_of(before_, "Transport") == (now_.https ? "HTTPS" : "HTTP");
        if (!in_use) return;
        const auto name = instance_name(change_.target);
        const auto moves = [&](const wsman::ConfigValue& value) {
            return value.path == "Port" || value.path == "Enabled" || value.path == "URLPrefix";
        };
        const auto& values = change_.document.values;
        if (change_.kind == Kind::remove || std::any_of(values.begin(), values.end(), moves))
            return cut(false,
                       fmt::format("{} is how the host was reached (port {}): after this it is not any more",
                                   name, now_.port));
        if (!now_.https || !changes("CertificateThumbprint")) return;
        if (route_.pinned)
            cut(true, fmt::format("{} is how the host was reached, and --cert-pin pins the certificate that "
                                  "it shows until now",
                                  name));
        else
            cut(false, fmt::format("{} is how the host was reached, and shows another certificate after "
                                   "this: --ca-file and the name in it must fit that one",
                                   name));
    }

    void by_mapping() {
        if (route_.transport != "certificate") return;
        if (change_.kind == Kind::remove || becomes("Enabled", "false") || changes("UserName"))
            cut(false, fmt::format("{} may be what lets you in: the host was logged on to with a certificate",
                                   instance_name(change_.target)));
    }

    // Another way of --transport may be left.
    void by_method() {
        const auto used = switch_of(route_.transport);
        if (used.empty() || !becomes(used, "false")) return;
        std::string left;
        for (const auto& way : route_.transports) {
            const auto other = switch_of(way);
            if (other.empty() || after(other) != "true") continue;
            left += fmt::format("{}{}", left.empty() ? "" : ", ", way);
        }
        cut(left.empty(), fmt::format("{} is how the host was logged on to ({}): after this it is not any "
                                      "more{}",
                                      used, route_.transport, left.empty() ? "" : ", but by " + left));
    }

    void by_clear_messages() {
        if (now_.https || route_.sealed || !becomes("Service/AllowUnencrypted", "false")) return;
        const bool other =
            route_.may_seal && std::any_of(route_.transports.begin(), route_.transports.end(), seals);
        cut(!other,
            "Service/AllowUnencrypted lets messages in clear in, as these are: after this it does not");
    }

    // What the host calls its address is another one behind a tunnel or translation: then the filter did not
    // take it before either, or it is this machine's own.
    void by_filter() {
        const bool version_6 = route_.address.find(':') != std::string::npos;
        for (const std::string_view path : {"Service/IPv4Filter", "Service/IPv6Filter"}) {
            if (!changes(path) || becomes(path, "*")) continue;
            if (route_.address.empty()) {
                cut(false, fmt::format("{} says at which of its addresses the host answers: the one that it "
                                       "is reached at must be in it",
                                       path));
                continue;
            }
            if (version_6 != (path == "Service/IPv6Filter")) continue;
            if (wsman::filter_takes(after(path), route_.address)) continue;
            const bool before = wsman::filter_takes(text_of(before_, path), route_.address);
            cut(before && !is_loopback(route_.address),
                fmt::format("{} does not have {} any more, where the host was reached", path,
                            route_.address));
        }
    }

    void by_remote_access() {
        if (becomes("Service/AllowRemoteAccess", "false") && !is_loopback(route_.address))
            cut(true, "Service/AllowRemoteAccess=false leaves the service to the host's own programs alone");
    }

    // RFC 5929: a binding is sent over TLS, with what stands behind SSPI on Windows.
    void by_binding() {
        constexpr std::string_view path = "Service/Auth/CbtHardeningLevel";
        const bool binding = now_.https && seals(route_.transport) && !route_.transport.empty();
        if (!binding || !changes(path) || becomes(path, "None")) return;
        if (becomes(path, "Strict") && !route_.binds)
            return cut(
                true, fmt::format("{}=Strict wants a channel binding, which --send-cbt no leaves out", path));
        if (route_.binds && text_of(before_, path) == "None")
            cut(false, fmt::format("{} has the host look at channel bindings, which it did not until now: "
                                   "where something on the way ends TLS they do not fit",
                                   path));
    }

    // A listener without a port of its own is not told from one with it.
    void by_port() {
        const std::string_view path = now_.https ? "Service/DefaultPorts/HTTPS" : "Service/DefaultPorts/HTTP";
        if (changes(path) && text_of(before_, path) == std::to_string(now_.port))
            cut(false, fmt::format("{}: a listener without a port of its own leaves {}, by which the host "
                                   "was reached, for {}",
                                   path, now_.port, after(path)));
    }

    void by_connections() {
        if (becomes("Service/MaxConnections", "1"))
            cut(false,
                "Service/MaxConnections=1: whoever holds the one connection keeps everybody else out, and "
                "mullion run needs two");
    }

    void by_rights() {
        if (changes("Service/RootSDDL"))
            cut(false,
                "Service/RootSDDL says who may use the service: whom it leaves out is refused from then on");
    }

    const ConfigChange& change_;
    const wsman::ConfigDocument& before_;
    const ConfigRead& now_;
    const ConfigRoute& route_;
    std::vector<ConfigCut> cuts_;
};

}  // namespace

std::vector<ConfigCut> cuts_of(const ConfigChange& change, const wsman::ConfigDocument* before,
                               const ConfigRead& now) {
    if (before == nullptr || now.route.local) return {};
    return Judge(change, *before, now).cuts();
}

}  // namespace mullion::client
