// What the service is told to do, as its code reads it. Names, presets and ranges are in
// wsman/config_table.h; settings_table.cc binds them to these fields. Where each value comes from is in
// config_tree.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "auth/mechanism.h"
#include "state/security.h"

namespace mullion::state {

struct Settings {
    std::uint32_t max_envelope_size_kb = 500;
    std::uint32_t max_timeout_ms = 60'000;
    std::uint32_t max_batch_items = 32'000;

    std::string root_sddl{default_root_sddl};
    std::uint32_t max_operations_per_user = 1'500;
    std::uint32_t enumeration_timeout_ms = 240'000;
    std::uint32_t max_connections = 300;
    std::uint32_t max_packet_seconds = 120;
    bool allow_unencrypted = false;
    bool allow_remote_access = true;
    bool basic = false;
    bool negotiate = true;
    bool kerberos = true;
    bool certificate = false;
    bool credssp = false;
    auth::CbtHardening hardening = auth::CbtHardening::relaxed;
    std::string ipv4_filter = "*";  // Which of this machine's addresses are answered at: "", "*" or ranges.
    std::string ipv6_filter = "*";
    bool compatibility_http = false;   // A listener on port 80 besides,
    bool compatibility_https = false;  // and one on 443.
    std::string credssp_thumbprint;    // 40 upper-case hex digits; empty: a certificate of our own.
    std::uint32_t http_port = 5985;
    std::uint32_t https_port = 5986;

    bool allow_remote_shell_access = true;
    std::uint32_t idle_timeout_ms = 7'200'000;
    std::uint32_t max_concurrent_users = 2'147'483'647;
    std::uint32_t max_shell_run_time_ms = 2'147'483'647;
    std::uint32_t max_processes_per_shell = 2'147'483'647;
    std::uint32_t max_memory_per_shell_mb = 2'147'483'647;
    bool use_login_shell = false;  // Not Windows', so not in winrm/config: there is one cmd.exe.
    std::uint32_t max_shells_per_user = 2'147'483'647;

    bool operator==(const Settings&) const = default;
};

// One listener, of winrm.yaml or of --listen.
struct ListenerSettings {
    std::string address = "*";  // "*", an IPv4 or an IPv6 address, or "MAC:" and the address of a card.
    bool https = false;
    std::optional<std::uint16_t> port;  // Absent: Service/DefaultPorts.
    std::string hostname;               // What the certificate must name; empty: that is not asked.
    bool enabled = true;
    std::string url_prefix = "wsman";
    std::string thumbprint;  // 40 upper-case hex digits; empty: our own certificate.
    // Asks clients for a certificate in the TLS handshake, not only when a request needs it: netsh's
    // clientcertnegotiation.
    bool ask_at_handshake = false;

    bool operator==(const ListenerSettings&) const = default;
};

// One account that client certificates stand for. The values and their rules are Windows'.
struct CertificateMapping {
    std::string issuer;     // Thumbprint of who signed the certificate directly; in DIR/trust.
    std::string subject;    // Of its user principal names; one '*' at an end stands for anything.
    std::string uri = "*";  // Of the resource that is asked for; a '*' at its end stands for anything.
    bool enabled = true;
    std::string user;  // Of a local account.

    bool operator==(const CertificateMapping&) const = default;
};

struct Config {
    Settings settings;
    std::vector<ListenerSettings> listeners{ListenerSettings{}};  // HTTP, at every address.
    std::vector<ListenerSettings> displaced;  // Not in force: a higher layer's has their address and port.
    std::vector<CertificateMapping> mappings;
    std::vector<SecurityEntry> security;
    std::vector<GroupRule> groups;

    bool operator==(const Config&) const = default;
};

// Those that are enabled.
[[nodiscard]] std::vector<ListenerSettings> effective_listeners(const Config& config);
[[nodiscard]] std::uint16_t effective_port(const ListenerSettings& listener, const Settings& settings);

}  // namespace mullion::state
