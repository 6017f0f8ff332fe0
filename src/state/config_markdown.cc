#include <fmt/core.h>

#include "state/policy_names.h"
#include "state/settings_table.h"

namespace mullion::state {
namespace {

std::string effect(const Policy& policy) {
    switch (policy.kind) {
        case PolicyKind::allows:
            return std::string(policy.path);
        case PolicyKind::disallows:
            return fmt::format("{}: false where it is enabled", policy.path);
        case PolicyKind::value:
            return fmt::format("{}: `{}`, or the value alone", policy.path, policy.option);
        case PolicyKind::remote_management:
            return "Enabled: the listener of HTTP at every address, and `IPv4Filter` and `IPv6Filter`, of "
                   "which "
                   "one that is missing is empty; disabled: Service/AllowRemoteAccess is false";
        case PolicyKind::nothing:
            break;
    }
    return "nothing: no credentials of plugins are kept here";
}

}  // namespace

std::string config_markdown() {
    std::string out =
        "# Configuration of `mullion serve`\n\n"
        "<!-- Written by `mullion docs config`; a test compares. -->\n\n"
        "Each value is the word of the highest that speaks of it:\n\n"
        "1. policy: `DIR/policy.d/*.yml` ([below](#policy)); nobody changes it over the wire;\n"
        "2. the command line: `--set PATH=VALUE` and `--listen URL`; not changed over the wire either, since "
        "the "
        "next start\n   would say the same again;\n"
        "3. the file: `DIR/winrm.yaml`, which Put, Create and Delete of `winrm/config` change, and you;\n"
        "4. the preset, which is Windows'.\n\n"
        "Every change is in force at once, and is in the log with who made it and from where; what was "
        "changed by hand\nbefore it is in the log as that, with the file and whose it is. A winrm.yaml that "
        "is "
        "a symbolic link is read,\nand changed by hand alone. What the file says besides\n(comments, order, "
        "changes by hand) stays. SIGHUP reads file and policies again. A file "
        "that "
        "cannot be read stops\nthe start, with file and line; in a running service all stays as it was, and "
        "changes over the wire are refused\n(0x80338005) until it is mended. What cannot be done (a port "
        "that is "
        "taken, a certificate that is not there) is\nrefused, and nothing is changed.\n\n"
        "Parts of a path are separated by `/`, `\\` or `.`, case does not matter, and an unknown name is an "
        "error.\n\n"
        "```yaml\n"
        "MaxEnvelopeSizekb: 500\n"
        "Service:\n"
        "  Auth:\n"
        "    Basic: false\n"
        "Listener:\n"
        "  - Address: '*'\n"
        "    Transport: HTTPS\n"
        "    Port: 5986\n"
        "    Enabled: true\n"
        "    CertificateThumbprint: ''\n"
        "```\n\n"
        "| setting | values | default | what it does |\n|---|---|---|---|\n";
    for (const Setting& setting : settings_table())
        out += fmt::format("| {} | {} | {} | {} |\n", setting.path(), type_text(setting), setting.row->preset,
                           setting.text);
    out +=
        "\nWindows differs in three rows: its MaxConnections ends at 512, it supports no MaxEnvelopeSizekb "
        "above 1039440,\nand its MaxShellRunTime is read-only.\n\n"
        "## Listener\n\n"
        "Where no `Listener` is written, and no `--listen` is said, the service listens on HTTP, every "
        "address; "
        "`Listener: []` is\nnone. `--listen URL` (repeatable: `http://127.0.0.1:0`, `https://*:5986`, "
        "`http://[::1]:5985`) stands beside those of the\nfile; port 0 lets the kernel choose. Address and "
        "Transport are the key. The connections of a listener that goes\nfinish the request they are in, and "
        "close. Over the wire a listener of HTTPS needs a certificate of DIR/certs: by\nits thumbprint, or "
        "by "
        "the Hostname that it names.\n\n"
        "| key | values | default | what it does |\n|---|---|---|---|\n"
        "| Address | `*`, `IP:ADDRESS`, `MAC:aa-bb-cc-dd-ee-ff` or an address | `*` | `*` is every address "
        "of both families |\n"
        "| Transport | HTTP, HTTPS | required | |\n"
        "| Port | 1..65535 | Service/DefaultPorts | |\n"
        "| Hostname | text | empty | HTTPS: what the certificate must name; empty: not asked |\n"
        "| Enabled | true, false | true | false: configured, but does not listen |\n"
        "| URLPrefix | letters, digits, _ and / | wsman | the path, without slashes at its ends |\n"
        "| CertificateThumbprint | 40 hex digits or empty | empty | HTTPS: which of "
        "`DIR/certs/THUMBPRINT.pem`; "
        "empty: one is made and kept |\n"
        "| ClientCertNegotiation | true, false | false | HTTPS: asks clients for a certificate in the TLS "
        "handshake (netsh's `clientcertnegotiation`), not only when a request needs it; "
        "`--listen https://*?ClientCertNegotiation=true` |\n"
        "\n## CertMapping\n\n"
        "Whom client certificates mean, by Windows' rules ([certificates.md](certificates.md)): a list; "
        "`mullion cert map` adds to it.\n\n"
        "| key | values | default | what it does |\n|---|---|---|---|\n"
        "| Issuer | 40 hex digits | required | thumbprint of who signed the certificate directly; it is in "
        "`DIR/trust` |\n"
        "| Subject | text with one `*` at most, at an end | required | the certificate's user principal name "
        "|\n"
        "| URI | text with one `*` at most, at its end | `*` | the resource that a request asks for |\n"
        "| Enabled | true, false | true | |\n"
        "| UserName | a local account | required | no password is kept: Linux needs none; over the wire it "
        "is "
        "asked for, and checked |\n"
        "\n## Security\n\n"
        "Descriptors of single resources ([rights.md](rights.md)): a list. Of those that match a request's "
        "resource one with ExactMatch\n"
        "counts, then the one with the longest Uri; without any it is Service/RootSDDL. `winrm configSDDL "
        "URI` "
        "and winrm/config/service/security\nchange it; in a policy file it stays as it is there.\n\n"
        "| key | values | default | what it does |\n|---|---|---|---|\n"
        "| Uri | a resource, or what it begins with | required | compared without regard to case |\n"
        "| Sddl | SDDL | required | who may what, and what of that is written to the log |\n"
        "| ExactMatch | true, false | false | true: not what lies below it |\n"
        "\n## Groups\n\n"
        "What groups of Linux mean: a map, as `wheel: Administrators` or `monitoring: Remote Management "
        "Users`. An account whose Linux user\n"
        "(`mullion user add --as`) is in the one counts as a member of the other.\n"
        "\n## UseLoginShell\n\n"
        "`UseLoginShell: true`: commands go to the login shell of the account's Linux user instead of "
        "/bin/sh. Windows has no such setting,\nso it is in the file alone and not in winrm/config.\n"
        "\n## Policy\n\n"
        "Files in the order of their names; the last word on a value counts. They have winrm.yaml's names, "
        "or "
        "those of Windows'\npolicies, with `Enabled`, `Disabled` or `Not configured`. A value that policy "
        "decides is shown with `Source=\"GPO\"`,\nand refused to whoever wants to change it (0x8033808A); so "
        "are whole listeners.\n\n"
        "```yaml\n"
        "Allow Basic authentication: Disabled\n"
        "Allow remote server management through WinRM:\n"
        "  State: Enabled\n"
        "  IPv4Filter: 10.0.0.1-10.0.0.9\n"
        "  IPv6Filter: ''\n"
        "WinRM Client:\n"
        "  Allow unencrypted traffic: Disabled\n"
        "Winrs/MaxShellsPerUser: 30\n"
        "```\n\n"
        "| group | policy | decides |\n|---|---|---|\n";
    for (const Policy& policy : policy_table())
        out += fmt::format("| {} | {} | {} |\n", policy.group, policy.name, effect(policy));
    return out;
}

}  // namespace mullion::state
