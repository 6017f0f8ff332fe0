#include "checks/centreon_options.h"

namespace mullion::checks {
namespace {

using Kind = OptionSpec::Kind;

}  // namespace

const std::vector<OptionSpec>& centreon_global_options() {
    static const std::vector<OptionSpec> list{
        {"plugin", Kind::value, "", "NAME", "os::windows::wsman::plugin"},
        {"list-plugin", Kind::flag, "", "", "The plugins that there are: one"},
        {"help", Kind::flag, "", "", "This, or of a --mode its options"},
        {"ignore-warn-msg", Kind::flag, "", "", "No warnings on standard error"},
        {"version", Kind::flag, "", "", "The version"},
        {"runas", Kind::value, "", "USER", "Refused for any other user: start it as that one"},
        {"global-timeout", Kind::value, "", "SECONDS",
         "Wall clock for all of it; 0 is no limit, nor the default of --timeout"},
        {"environment", Kind::list, "", "NAME=VALUE", "A variable, as KRB5_CONFIG; may be repeated"},
        {"convert-args", Kind::value, "", "PATTERN,TEXT", "Not available"}};
    return list;
}

const std::vector<OptionSpec>& centreon_plugin_options() {
    static const std::vector<OptionSpec> list{
        {"mode", Kind::value, "", "NAME", "What to check"},
        {"dyn-mode", Kind::value, "", "MODULE", "Not available: it is a module of Perl"},
        {"list-mode", Kind::flag, "", "", "The modes that there are"},
        {"mode-version", Kind::value, "", "NUMBER", "The least version of the mode"},
        {"no-sanity-options", Kind::flag, "", "", "Pass over options that nobody knows"},
        {"pass-manager", Kind::value, "", "NAME", "Not available: use --password-file"}};
    return list;
}

const std::vector<OptionSpec>& centreon_wsman_options() {
    static const std::vector<OptionSpec> list{
        {"hostname", Kind::value, "", "HOST", "The host to ask"},
        {"host", Kind::value, "", "HOST", "The same as --hostname", "hostname"},
        {"wsman-port", Kind::value, "5985", "PORT", "Its port"},
        {"wsman-path", Kind::value, "/wsman", "PATH", "The path of its service"},
        {"wsman-scheme", Kind::value, "http", "http|https", "How to speak to it"},
        {"wsman-username", Kind::value, "", "USER", "Who logs on: NAME, DOMAIN\\NAME, NAME@REALM"},
        {"wsman-password", Kind::value, "", "PASSWORD",
         "The password, wiped from the process list at once; --password-file FILE never stands there"},
        {"wsman-timeout", Kind::value, "30", "SECONDS", "For one answer"},
        {"wsman-proxy-url", Kind::value, "", "URL", "An HTTP proxy, http://HOST:PORT"},
        {"wsman-proxy-username", Kind::value, "", "USER", "Not available: a proxy that wants no log-on"},
        {"wsman-proxy-password", Kind::value, "", "PASSWORD", "Not available"},
        {"wsman-debug", Kind::value, "", "LEVEL", "Not available: mullion doctor looks at a host"},
        {"wsman-auth-method", Kind::value, "basic", "basic|ntlm|gssnegotiate|noauth", "How to log on"},
        {"wsman-errors-exit", Kind::value, "unknown", "STATUS",
         "The status when the host does not answer well"}};
    return list;
}

}  // namespace mullion::checks
