// The questions that checks ask of the world. Each blocks, ends by the connection's deadlines, and gives
// run.interrupted soon after Ctrl-C. In tests the world is played.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "auth/mechanism.h"
#include "checks/ask.h"
#include "core/clock.h"
#include "core/result.h"
#include "crypto/x509.h"
#include "wsman/config.h"
#include "wsman/fault.h"

namespace mullion::doctor {

// Somebody's clock less ours. In seconds throughout: nanoseconds end in the year 2262, and a host may say
// any.
[[nodiscard]] inline std::chrono::seconds clock_difference(std::chrono::sys_seconds theirs, WallTime ours) {
    return theirs - std::chrono::time_point_cast<std::chrono::seconds>(ours);
}

struct TlsSeen {
    std::string version, cipher;
    crypto::CertificateInfo certificate;
};

// What an empty request without a log-on is answered.
struct HttpSeen {
    int status = 0;
    std::vector<std::string> offered;  // Schemes of a 401, as sent.
    // The host's clock less this machine's, from its Date field; nothing where it sends none.
    std::optional<std::chrono::seconds> clock = {};
    std::optional<Error> refusal = {};  // What it means, where it is not the 401 of a WinRM service.
};

// What a KDC says to who has proven nothing yet.
struct KdcSeen {
    std::string realm;                               // That was asked for.
    std::vector<std::string> kdcs;                   // "kdc1:88", as found.
    std::string answered;                            // Which of them did.
    std::optional<std::chrono::seconds> clock = {};  // The KDC's less this machine's.
};

struct LoggedOn {
    std::string vendor, version;  // Of Identify.
    std::string how;              // For people; may be empty.
    bool sealed = false;
};

struct Ran {
    std::uint32_t exit_code = 0;
    std::string output, errors;
};

// What a question of a check was answered. `more`: there were more rows than are kept here.
struct Told {
    checks::Answer answer;
    std::optional<wsman::Fault> fault = {};  // Beside the error that it is.
    bool more = false;
};

class Probes {
public:
    virtual ~Probes() = default;

    // Of a name, as text; an address is its own. Errors: net.name
    [[nodiscard]] virtual Result<std::vector<std::string>> addresses(const std::string& host) = 0;
    // What DNS calls an address; empty: nothing. Errors: net.name (no answer in time)
    [[nodiscard]] virtual Result<std::string> reverse_name(const std::string& address) = 0;
    // Who answers at the target's port, or another of that host: the address. Errors: net.…
    [[nodiscard]] virtual Result<std::string> connect(std::optional<std::uint16_t> other_port) = 0;
    // A handshake with all checks that the target asks for. Errors: net.…, tls.…
    [[nodiscard]] virtual Result<TlsSeen> tls() = 0;
    // One that believes anybody, to look at the certificate; nothing is sent by it. Errors: net.…, tls.…
    [[nodiscard]] virtual Result<TlsSeen> tls_unchecked() = 0;
    // Errors: net.…, tls.…, http.… (no answer at all)
    [[nodiscard]] virtual Result<HttpSeen> http() = 0;

    // Asks for the user's ticket, without any proof. Errors: kerberos.library, kerberos.no_kdc,
    // kerberos.silent, kerberos.failed, kerberos.no_ticket (the cache that says who it is is not there)
    [[nodiscard]] virtual Result<KdcSeen> kdc() = 0;
    // A ticket for SERVICE/host: its principal. The password is shown to the KDC once, for the first of them.
    // Errors: kerberos.…
    [[nodiscard]] virtual Result<std::string> ticket(const std::string& service) = 0;

    // By that transport alone, and one Identify. The session stays. Errors: those of client::Session
    [[nodiscard]] virtual Result<LoggedOn> log_on(auth::Transport transport) = 0;
    // In a shell of its own, by the session that has logged on. Errors: those of client::Session
    [[nodiscard]] virtual Result<Ran> run(auth::Transport transport, const std::string& command) = 0;
    // winrm/config, all that one Get brings, by the session that has logged on. Errors: those of
    // client::Config
    [[nodiscard]] virtual Result<std::vector<wsman::ConfigValue>> config(auth::Transport transport) = 0;
    // A question of a check, by the session that has logged on. Errors: those of checks::Asking
    [[nodiscard]] virtual Told ask(auth::Transport transport, const checks::Ask& question) = 0;
    // Whether the host takes an Identify in clear over http, from who has logged on; nobody logs on anew for
    // it. Errors: run.interrupted
    [[nodiscard]] virtual Result<bool> takes_clear(auth::Transport transport) = 0;
};

}  // namespace mullion::doctor
