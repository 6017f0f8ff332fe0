#include <fmt/core.h>

#include "service/settings_table.h"

namespace mullion::service {

std::string config_markdown() {
    std::string out =
        "# Configuration of `mullion serve`\n\n"
        "<!-- Written by `mullion docs config`; a test compares. -->\n\n"
        "`DIR/winrm.yaml` holds Windows' names in Windows' order; what is not there keeps its default. "
        "`--set PATH=VALUE`\n"
        "(repeatable; parts separated by `/`, `\\` or `.`, case does not matter) wins over the file. An "
        "unknown name is an error.\n\n"
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
        "| setting | values | default | applies | what it does |\n|---|---|---|---|---|\n";
    const Settings defaults;
    for (const Setting& setting : settings_table()) {
        out += fmt::format("| {} | {} | {} | {} | {} |\n", setting.path, type_text(setting),
                           value_text(defaults, setting), setting.live ? "on reload" : "on restart",
                           setting.text);
    }
    out +=
        "\nA reload is SIGHUP: the file is read again and `--set` applied over it; requests in flight keep "
        "what they began with.\n\n"
        "## Listener\n\n"
        "Without any, and without `--listen`, the service listens on HTTP, every address. `--listen URL` "
        "(repeatable:\n"
        "`http://127.0.0.1:0`, `https://*:5986`, `http://[::1]:5985`) replaces those of the file. Port 0 "
        "lets the kernel choose.\n\n"
        "| key | values | default | what it does |\n|---|---|---|---|\n"
        "| Address | `*`, `IP:ADDRESS` or an address | `*` | `*` is every address of both families |\n"
        "| Transport | HTTP, HTTPS | required | |\n"
        "| Port | 1..65535 | Service/DefaultPorts | |\n"
        "| Enabled | true, false | true | false: configured, but does not listen |\n"
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
        "| UserName | a local account | required | no password is kept: Linux needs none |\n";
    return out;
}

}  // namespace mullion::service
