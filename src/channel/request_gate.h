// The gate: who speaks, asked for every request of a connection before anything else. There is no identity
// by default: what was not proven on this connection, or with this request, is nobody.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "auth/mechanism.h"
#include "channel/server_connection.h"
#include "http/challenge.h"
#include "http/message.h"

namespace mullion::channel {

// Nobody, or not yet: answer this and do nothing.
struct TurnedAway {
    http::Response response;
};
// May be heard. Without an identity only Identify is answered.
struct LetIn {
    std::optional<auth::Identity> identity;
    bool identify_only = false;
    std::string authenticate_field;  // To be sent back with the answer; empty mostly.
    bool handshake_ended = false;    // This request's Authorization completed a handshake.
    std::optional<crypto::ProvenCertificate> certificate = {};  // Instead of an identity.
};
using Verdict = std::variant<TurnedAway, LetIn>;

class RequestGate {
public:
    RequestGate(const ServerSettings& settings, ServerParts& parts, net::Stream& stream);

    // May run a mechanism's step on a worker.
    [[nodiscard]] net::Task<Result<Verdict>> ask(const http::Request& request);
    // Whom the certificate that was let in with this request meant, or why nobody.
    [[nodiscard]] net::Task<void> certificate_meant(Result<std::string> account);
    // Forgets who was proven by what is no longer offered.
    void settings_changed();
    // What seals this connection; null unless a handshake with sealing is complete.
    [[nodiscard]] auth::Sealing* sealing();
    [[nodiscard]] std::string_view multipart_protocol() const;
    [[nodiscard]] bool has_connection_identity() const { return connection_identity_.has_value(); }
    // 401 with every scheme that is enabled here.
    [[nodiscard]] http::Response unauthorized() const;

private:
    // On a worker where the engine may block.
    [[nodiscard]] net::Task<Result<auth::AcceptStep>> take_step(std::string token);
    [[nodiscard]] net::Task<Result<Verdict>> shake_hands(Handshake scheme, std::string token);
    [[nodiscard]] net::Task<Result<Verdict>> basic(std::string token);
    [[nodiscard]] net::Task<Result<Verdict>> certificate();
    // Asks the client for it where it has shown none yet. Nothing: it is there.
    [[nodiscard]] net::Task<std::optional<Verdict>> obtain_certificate();
    [[nodiscard]] bool certificate_enabled() const;
    [[nodiscard]] bool basic_enabled() const;
    [[nodiscard]] bool enabled(Handshake scheme) const;
    // The handshake that a request's Authorization goes on with, if that is offered.
    [[nodiscard]] std::optional<Handshake> handshake_of(const http::Credentials& credentials) const;
    void forget();
    // Before a log-on is checked. Nothing: it may be; he may have had to wait for it.
    [[nodiscard]] net::Task<std::optional<Verdict>> admit();
    // Every log-on ends here; `why` is null for who was let in, and lives as long as the caller waits.
    [[nodiscard]] net::Task<void> conclude(LogonAttempt attempt, const Error* why);
    [[nodiscard]] net::Task<bool> hold(Duration how_long);
    [[nodiscard]] LogonAttempt attempt_of(Handshake scheme) const;
    [[nodiscard]] LogonAttempt attempt_with_certificate() const;
    // The connection belongs to the first who proved himself on it, until it closes. Nothing: it is his.
    [[nodiscard]] std::optional<Error> refuse_owner(const std::string& who);
    [[nodiscard]] net::Task<Verdict> turn_away(LogonAttempt attempt, Error why);

    const ServerSettings& settings_;
    ServerParts& parts_;
    net::Stream& stream_;
    std::string peer_;
    bool tls_;
    auth::ChannelBinding binding_;
    std::unique_ptr<auth::Acceptor> acceptor_;
    Handshake scheme_ = Handshake::negotiate;            // Of acceptor_.
    std::optional<auth::Identity> connection_identity_;  // Proven by a handshake: holds for the connection.
    std::optional<auth::Identity> basic_identity_;  // Proven by a token: holds for requests with that token.
    std::string basic_fingerprint_;
    std::string owner_;  // The account, or certificate, that this connection is for; empty before the first.
    bool certificate_asked_for_ = false;
    std::optional<crypto::ProvenCertificate> shown_;  // The believed one, of this request.
    std::string certificate_account_;                 // Whom it meant last; empty before that.
    Duration waited_{0};                              // For this log-on to be checked.
    bool concluded_ = false;                          // The handshake goes on, but who it is was told.
};

}  // namespace mullion::channel
