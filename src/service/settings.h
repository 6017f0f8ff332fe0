// What the service is told to do. Names, defaults and ranges are Windows' ([MS-WSMV] 2.2.4.37 and on); the
// one table behind the file, --set and docs/config.md is in settings_table.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "auth/mechanism.h"

namespace mullion::service {

struct Settings {
    std::uint32_t max_envelope_size_kb = 500;
    std::uint32_t max_timeout_ms = 60'000;
    std::uint32_t max_batch_items = 32'000;

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
    std::string credssp_thumbprint;  // 40 upper-case hex digits; empty: a certificate of our own.
    std::uint32_t http_port = 5985;
    std::uint32_t https_port = 5986;

    bool allow_remote_shell_access = true;
    std::uint32_t idle_timeout_ms = 7'200'000;
    std::uint32_t max_concurrent_users = 2'147'483'647;
    std::uint32_t max_processes_per_shell = 2'147'483'647;
    std::uint32_t max_shells_per_user = 2'147'483'647;

    bool operator==(const Settings&) const = default;
};

// One listener, of winrm.yaml or of --listen.
struct ListenerSettings {
    std::string address = "*";  // "*", an IPv4 or an IPv6 address.
    bool https = false;
    std::optional<std::uint16_t> port;  // Absent: Service/DefaultPorts.
    bool enabled = true;
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
    std::vector<ListenerSettings> listeners;
    std::vector<CertificateMapping> mappings;

    bool operator==(const Config&) const = default;
};

// Listeners that are enabled; HTTP on every address where none is configured at all.
[[nodiscard]] std::vector<ListenerSettings> effective_listeners(const Config& config);
[[nodiscard]] std::uint16_t effective_port(const ListenerSettings& listener, const Settings& settings);

}  // namespace mullion::service
