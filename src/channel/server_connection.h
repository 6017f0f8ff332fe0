// One connection to the service: reads requests, asks who speaks, unseals, hands them on, seals the answer.
// Lives on one io_context thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/mechanism.h"
#include "channel/doorkeeper.h"
#include "core/log.h"
#include "crypto/client_trust.h"
#include "http/message.h"
#include "net/http_io.h"
#include "net/stream.h"
#include "net/task.h"
#include "net/worker_pool.h"

namespace mullion::channel {

// The schemes that log a connection on by a handshake.
enum class Handshake { negotiate, kerberos, credssp };
[[nodiscard]] std::string_view http_scheme(Handshake scheme);

// What a connection is allowed and offers; a snapshot that the service makes for each request.
struct ServerSettings {
    std::string path = "/wsman";     // URLPrefix with its slash.
    bool basic = false;              // Service/Auth/Basic
    bool negotiate = true;           // Service/Auth/Negotiate
    bool kerberos = false;           // Service/Auth/Kerberos
    bool credssp = false;            // Service/Auth/CredSSP
    bool certificate = false;        // Service/Auth/Certificate; only inside TLS.
    bool allow_unencrypted = false;  // Service/AllowUnencrypted
    auth::CbtHardening hardening = auth::CbtHardening::relaxed;
    std::size_t max_envelope_bytes = 500 * 1024;  // Of the decoded message; over it: 413.
    Duration packet_timeout{120'000};             // MaxPacketRetrievalTimeSeconds: a request whole, or 500.
    Duration idle_timeout{120'000};               // Between requests.
    std::string server_field = "Microsoft-HTTPAPI/2.0";
};

class Departure;  // departure.h

// One request after the gate. With neither identity nor certificate only what may be said without one is in
// `body`'s reach: the service answers Identify when `identify_only` and nothing else.
struct Incoming {
    std::optional<auth::Identity> identity;
    // Instead of an identity: whom it means is for the service to say, by what is asked for.
    std::optional<crypto::ProvenCertificate> certificate = {};
    bool identify_only = false;  // "WSMANIDENTIFY: unauthenticated"
    std::string content_type;    // Of the unsealed message.
    std::string body;
    std::string client_ip;
    bool tls = false;
    bool sealed = false;
    bool chunked = false;  // The request came with Transfer-Encoding: chunked.
    bool local = false;    // Over this machine's own socket; `client_ip` is no address then.
    // Of its client, while it is answered; null: nobody looks.
    std::shared_ptr<Departure> departure = {};
    // Of the account that the identity was proven to be, set by whoever knows it: another account may have
    // its name by now, and never its number.
    std::optional<std::uint32_t> account_number = {};
};
// How an answer goes out. Everything but `whole` is for hosts that play broken ones.
struct Delivery {
    enum class Way {
        whole,
        dropped,  // Not at all: the connection ends.
        held,     // Not at all: the connection stays until the peer leaves.
        cut,      // The header and `bytes` of the body, then the connection ends.
        slowly,   // `bytes` at a time, with `pause` between.
    };
    Way way = Way::whole;
    std::size_t bytes = 0;
    Duration pause{};
};
struct Outgoing {
    int status = 200;  // 200 or 500 with a body; any other without one.
    std::string content_type;
    std::string body;
    Delivery delivery = {};
    // Of a request with a certificate: the account that is meant, or why nobody is.
    std::optional<Result<std::string>> meant = {};
};
using Handler = std::function<net::Task<Outgoing>(Incoming)>;

// Basic tokens are checked by the service (bounded Argon2 runs, then a keyed hash per connection).
class BasicVerifier {
public:
    virtual ~BasicVerifier() = default;
    // On the connection's thread. `attempt` has the client's address, and is told what the scheme came to
    // (LogonAttempt::inside), where there is something to tell; it must outlive the task. Errors:
    // auth.rejected, http.busy (the queue is full: 503).
    [[nodiscard]] virtual net::Task<Result<auth::Identity>> verify(std::string token,
                                                                   LogonAttempt& attempt) = 0;
    // A keyed hash of the token, to recognise it again in constant time.
    [[nodiscard]] virtual std::string fingerprint(std::string_view token) const = 0;
};

// The engine of a handshake, with its connection's channel binding; null: that scheme is not served. Called
// once a scheme's settings say that it is offered.
using MakeAcceptor =
    std::function<std::unique_ptr<auth::Acceptor>(Handshake scheme, const auth::ChannelBinding&)>;

// Looks on as one connection is served.
class ConnectionWatch {
public:
    virtual ~ConnectionWatch() = default;
    // The header of a request was read.
    virtual void request() = 0;
    // Its answer went out, or failed to.
    virtual void answered() {}
    // Whether the connection may go on behind the answer that is about to be given.
    [[nodiscard]] virtual bool stays() { return true; }
    // A request is about to be answered by the connection itself: it was turned away, or is a step of a
    // handshake. The answer may be changed.
    [[nodiscard]] virtual net::Task<Delivery> handshake(http::Response& response) = 0;
    // The connection is about to become this account's, for life. False: there are too many of its already,
    // and it is turned away.
    [[nodiscard]] virtual bool belongs_to(const std::string& /*user*/) { return true; }
    // Holds the connection's coroutine, and no thread. False: the connection was ended meanwhile.
    [[nodiscard]] virtual net::Task<bool> hold(net::Executor executor, Duration how_long);
};

// What is allowed and offered now; asked before each request is looked at.
using CurrentSettings = std::function<ServerSettings()>;

// Whether a client's certificate (DER) is believed now. Its key was proven to be the client's. Errors:
// auth.rejected, with the reason for the log, and any other
using VerifyCertificate = std::function<Result<crypto::ProvenCertificate>(std::string_view der)>;

struct ServerParts {
    net::WorkerPool& pool;
    BasicVerifier& basic;
    MakeAcceptor make_acceptor;
    Handler handler;
    Logger& log;
    ConnectionWatch* watch = nullptr;                // Must outlive the connection.
    VerifyCertificate verify_certificate = nullptr;  // Null: certificates are not taken.
    Doorkeeper* doorkeeper = nullptr;                // Must outlive the connection.
    // Set: the kernel says who is at the other end, and nothing that the peer shows counts (ADR 33).
    std::optional<auth::Identity> local = {};
    CurrentSettings current = nullptr;  // Null: they stay as they were at the beginning.
};

// Serves until the peer leaves, an error ends it, or the stream is closed from outside.
[[nodiscard]] net::Task<void> serve_connection(net::Stream& stream, ServerSettings settings,
                                               ServerParts parts);

}  // namespace mullion::channel
