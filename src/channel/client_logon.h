// Logging a fresh connection on: which way to authenticate, and its handshake of empty POSTs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "auth/mechanism.h"
#include "channel/client_connection.h"
#include "channel/sealed_body.h"
#include "core/secret.h"
#include "http/message.h"
#include "net/http_io.h"

namespace mullion::channel {

// What a log-on needs of its connection.
struct LogonContext {
    net::Stream& stream;
    net::HttpReader& reader;
    net::WorkerPool& pool;
    const ClientSettings& settings;
    const MakeInitiator& make_initiator;
    unsigned& round_trips;
    MonotonicTime deadline;
};

// A connection's proof. `authorization` goes with every request when it is not empty (Basic, Certificate).
struct Logon {
    std::unique_ptr<auth::Initiator> initiator;
    auth::Transport transport = auth::Transport::basic;
    Secret authorization;
    bool certificate_wanted = false;  // By the host, inside TLS, so far.
    std::string instead;  // Why it is not a transport that was to be tried before: "kerberos: …".
};

// Tries the transports in their order; those that the host does not offer are passed over once it has said
// what it offers. A rejected credential ends it: trying it again another way could lock the account.
// Errors: auth.rejected, auth.not_offered, auth.plaintext, auth.protocol, and those of the wire.
[[nodiscard]] net::Task<Result<Logon>> log_on(LogonContext context);

// For people: what the engine says of itself, and why it was not one that was to be tried before. Often
// nothing.
[[nodiscard]] std::string how_of(const Logon& logon);

// The failure that a 401 means after `logon` was tried.
[[nodiscard]] Error explain_rejection(const http::Response& response, const Logon& logon, std::string detail);

// Fields of every request.
[[nodiscard]] http::Request new_request(const ClientSettings& settings);

// One request and its answer; each byte has read_timeout, all of it ends at the deadline.
[[nodiscard]] net::Task<Result<http::Response>> round_trip(LogonContext context,
                                                           const http::Request& request);

}  // namespace mullion::channel
