// One connection to the service: reads requests, asks who speaks, unseals, hands them on, seals the answer.
// Lives on one io_context thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/mechanism.h"
#include "core/log.h"
#include "net/http_io.h"
#include "net/stream.h"
#include "net/task.h"
#include "net/worker_pool.h"

namespace mullion::channel {

// What a connection is allowed and offers; a snapshot that the service makes per connection.
struct ServerSettings {
    std::string path = "/wsman";     // URLPrefix with its slash.
    bool basic = false;              // Service/Auth/Basic
    bool negotiate = true;           // Service/Auth/Negotiate
    bool allow_unencrypted = false;  // Service/AllowUnencrypted
    auth::CbtHardening hardening = auth::CbtHardening::relaxed;
    std::size_t max_envelope_bytes = 500 * 1024;  // Of the decoded message; over it: 413.
    Duration packet_timeout{120'000};             // MaxPacketRetrievalTimeSeconds: a request whole, or 500.
    Duration idle_timeout{120'000};               // Between requests.
    std::string server_field = "Microsoft-HTTPAPI/2.0";
};

// One request after the gate. Without an identity only what may be said without one is in `body`'s reach:
// the service answers Identify when `identify_only` and nothing else.
struct Incoming {
    std::optional<auth::Identity> identity;
    bool identify_only = false;  // "WSMANIDENTIFY: unauthenticated"
    std::string content_type;    // Of the unsealed message.
    std::string body;
    std::string client_ip;
    bool tls = false;
    bool sealed = false;
    bool chunked = false;  // The request came with Transfer-Encoding: chunked.
};
struct Outgoing {
    int status = 200;  // 200 or 500.
    std::string content_type;
    std::string body;
};
using Handler = std::function<net::Task<Outgoing>(Incoming)>;

// Basic tokens are checked by the service (bounded Argon2 runs, then a keyed hash per connection).
class BasicVerifier {
public:
    virtual ~BasicVerifier() = default;
    // On the connection's thread. Errors: auth.rejected, http.busy (the queue is full: 503).
    [[nodiscard]] virtual net::Task<Result<auth::Identity>> verify(std::string token) = 0;
    // A keyed hash of the token, to recognise it again in constant time.
    [[nodiscard]] virtual std::string fingerprint(std::string_view token) const = 0;
};

// Made per connection for the Negotiate scheme, with that connection's channel binding.
using MakeAcceptor = std::function<std::unique_ptr<auth::Acceptor>(const auth::ChannelBinding&)>;

struct ServerParts {
    net::WorkerPool& pool;
    BasicVerifier& basic;
    MakeAcceptor make_acceptor;
    Handler handler;
    Logger& log;
};

// Serves until the peer leaves, an error ends it, or the stream is closed from outside.
[[nodiscard]] net::Task<void> serve_connection(net::Stream& stream, ServerSettings settings,
                                               ServerParts parts);

}  // namespace mullion::channel
