#include "channel/request_gate.h"

#include <array>
#include <utility>

#include "auth/certificate.h"
#include "channel/server_replies.h"
#include "core/secret.h"
#include "crypto/x509.h"

namespace mullion::channel {
namespace {

// In the order in which Windows offers them.
constexpr std::array handshakes{Handshake::negotiate, Handshake::kerberos, Handshake::credssp};

// What a client writes before it hears that its certificate is wanted: its first request, in whole.
constexpr std::size_t most_before_certificate = 256 * 1024;

}  // namespace

std::string_view http_scheme(Handshake scheme) {
    switch (scheme) {
        case Handshake::kerberos:
            return "Kerberos";
        case Handshake::credssp:
            return "CredSSP";
        case Handshake::negotiate:
            break;
    }
    return "Negotiate";
}

RequestGate::RequestGate(const ServerSettings& settings, ServerParts& parts, net::Stream& stream)
    : settings_(settings),
      parts_(parts),
      stream_(stream),
      peer_(stream.peer()),
      tls_(stream.tls() != nullptr) {
    if (!tls_) return;
    if (auto data = crypto::tls_server_end_point(stream.tls()->own_certificate); data.ok()) {
        binding_.application_data = std::move(data).value();
    } else {
        parts_.log.error("the listener's certificate gives no channel binding: {}", data.error().detail);
    }
}

auth::Sealing* RequestGate::sealing() {
    return connection_identity_ && acceptor_ ? acceptor_->sealing() : nullptr;
}

std::string_view RequestGate::multipart_protocol() const {
    return acceptor_->multipart_protocol();
}

// Basic in clear would show the password to the whole network, so it is not even offered there.
bool RequestGate::basic_enabled() const {
    return settings_.basic && (tls_ || settings_.allow_unencrypted);
}

bool RequestGate::certificate_enabled() const {
    return settings_.certificate && tls_ && parts_.verify_certificate;
}

// Strict without a binding to compare would let everybody through whom it is there to keep out.
bool RequestGate::enabled(Handshake scheme) const {
    // CredSSP is bound by its own means, to the key of its inner TLS.
    if (scheme == Handshake::credssp) return settings_.credssp;
    const bool must_be_bound = tls_ && settings_.hardening == auth::CbtHardening::strict;
    if (must_be_bound && binding_.empty()) return false;
    return scheme == Handshake::kerberos ? settings_.kerberos : settings_.negotiate;
}

std::optional<Handshake> RequestGate::handshake_of(const http::Credentials& credentials) const {
    if (credentials.token.empty()) return std::nullopt;
    for (const auto scheme : handshakes) {
        if (enabled(scheme) && http::same_without_case(credentials.scheme, http_scheme(scheme)))
            return scheme;
    }
    return std::nullopt;
}

http::Response RequestGate::unauthorized() const {
    http::Response response = empty_reply(settings_, 401);
    for (const auto scheme : handshakes) {
        if (enabled(scheme)) response.headers.add("WWW-Authenticate", http_scheme(scheme));
    }
    if (basic_enabled()) response.headers.add("WWW-Authenticate", "Basic realm=\"WSMAN\"");
    return response;
}

void RequestGate::forget() {
    acceptor_.reset();
    connection_identity_.reset();
    basic_identity_.reset();
    basic_fingerprint_.clear();
}

std::optional<Verdict> RequestGate::refuse_owner(const std::string& who) {
    if (owner_ == who) return std::nullopt;
    if (!owner_.empty()) {
        parts_.log.warning("logon of {} refused from {}: the connection belongs to {}", who, peer_, owner_);
        forget();
        http::Response response = unauthorized();
        response.keep_alive = false;
        return TurnedAway{std::move(response)};
    }
    if (parts_.watch != nullptr && !parts_.watch->belongs_to(who)) {
        parts_.log.warning("logon of {} refused from {}: it has too many connections", who, peer_);
        forget();
        return TurnedAway{closing_reply(settings_, 503)};
    }
    owner_ = who;
    return std::nullopt;
}

net::Task<Result<Verdict>> RequestGate::ask(const http::Request& request) {
    if (!request.headers.has("Authorization")) {
        if (connection_identity_) co_return Verdict(LetIn{connection_identity_, false, {}, false});
        const auto identify = request.headers.first("WSMANIDENTIFY");
        if (identify && http::same_without_case(*identify, "unauthenticated")) {
            co_return Verdict(LetIn{std::nullopt, true, {}, false});
        }
        co_return Verdict(TurnedAway{unauthorized()});
    }
    if (certificate_enabled() && auth::means_certificate(request.headers)) co_return co_await certificate();
    auto credentials = http::parse_authorization(request.headers);
    const auto handshake = credentials ? handshake_of(*credentials) : std::nullopt;
    if (handshake) co_return co_await shake_hands(*handshake, std::move(credentials->token));
    if (credentials && basic_enabled() && http::same_without_case(credentials->scheme, "Basic")) {
        auto verdict = co_await basic(std::move(credentials->token));
        wipe(credentials->token);
        co_return verdict;
    }
    // Malformed, unknown or disabled: whoever sends it is nobody now, whatever was proven before.
    forget();
    co_return Verdict(TurnedAway{unauthorized()});
}

net::Task<Result<auth::AcceptStep>> RequestGate::take_step(std::string token) {
    auto* acceptor = acceptor_.get();
    if (!acceptor->may_block()) co_return acceptor->step(token);
    auto work = [acceptor, token = std::move(token)] { return acceptor->step(token); };
    co_return co_await parts_.pool.run(std::move(work));
}

net::Task<Result<Verdict>> RequestGate::shake_hands(Handshake scheme, std::string token) {
    // A new handshake on an authenticated connection begins from nothing, and so does one of another scheme.
    if (connection_identity_ || basic_identity_ || scheme != scheme_) forget();
    scheme_ = scheme;
    if (!acceptor_) acceptor_ = parts_.make_acceptor(scheme, binding_);
    if (!acceptor_) co_return Verdict(TurnedAway{unauthorized()});
    auto step = co_await take_step(std::move(token));
    if (!step.ok()) {
        parts_.log.warning("logon refused from {}: {}", peer_, step.error().message());
        const std::string last_word = acceptor_->last_word();
        forget();
        http::Response response = unauthorized();
        if (!last_word.empty()) {
            response.headers.remove("WWW-Authenticate");
            response.headers.add("WWW-Authenticate", http::credentials_field(http_scheme(scheme), last_word));
        }
        co_return Verdict(TurnedAway{std::move(response)});
    }
    std::string field = http::credentials_field(http_scheme(scheme), step->token);
    if (step->identity) {
        if (auto refused = refuse_owner(step->identity->user())) co_return std::move(*refused);
        connection_identity_ = std::move(step->identity);
        co_return Verdict(
            LetIn{connection_identity_, false, step->token.empty() ? std::string() : std::move(field), true});
    }
    http::Response response = empty_reply(settings_, 401);
    response.headers.add("WWW-Authenticate", field);
    co_return Verdict(TurnedAway{std::move(response)});
}

net::Task<Result<Verdict>> RequestGate::basic(std::string token) {
    acceptor_.reset();
    connection_identity_.reset();
    const std::string fingerprint = parts_.basic.fingerprint(token);
    if (basic_identity_ && same_in_constant_time(fingerprint, basic_fingerprint_)) {
        wipe(token);
        co_return Verdict(LetIn{basic_identity_, false, {}, false});
    }
    forget();
    auto identity = co_await parts_.basic.verify(std::move(token));
    wipe(token);
    if (!identity.ok()) {
        if (identity.error().id == ErrorId::http_busy)
            co_return Verdict(TurnedAway{empty_reply(settings_, 503)});
        parts_.log.warning("logon refused from {}: {}", peer_, identity.error().message());
        co_return Verdict(TurnedAway{unauthorized()});
    }
    if (auto refused = refuse_owner(identity->user())) co_return std::move(*refused);
    basic_identity_ = std::move(identity).value();
    basic_fingerprint_ = fingerprint;
    co_return Verdict(LetIn{basic_identity_, false, {}, false});
}

net::Task<std::optional<Verdict>> RequestGate::obtain_certificate() {
    if (!stream_.tls()->peer_certificate.empty()) co_return std::nullopt;
    if (!std::exchange(certificate_asked_for_, true)) {
        const auto asked = co_await stream_.request_certificate(most_before_certificate);
        if (!asked.ok()) {
            parts_.log.warning("logon refused from {}: no client certificate: {}", peer_,
                               asked.error().message());
            const int status = asked.error().id == ErrorId::http_too_large ? 413 : 401;
            co_return Verdict(TurnedAway{closing_reply(settings_, status)});
        }
        if (!stream_.tls()->peer_certificate.empty()) co_return std::nullopt;
    }
    parts_.log.warning("logon refused from {}: the client showed no certificate", peer_);
    co_return Verdict(TurnedAway{unauthorized()});
}

net::Task<Result<Verdict>> RequestGate::certificate() {
    forget();
    auto refused = co_await obtain_certificate();
    if (refused) co_return std::move(*refused);
    // For each request: trust may have been withdrawn, and the certificate may have expired meanwhile.
    auto proven = parts_.verify_certificate(stream_.tls()->peer_certificate);
    if (!proven.ok()) {
        parts_.log.warning("logon refused from {}: {}", peer_, proven.error().message());
        co_return Verdict(TurnedAway{unauthorized()});
    }
    // No account has a colon in its name.
    if (auto other = refuse_owner("certificate:" + proven->thumbprint)) co_return std::move(*other);
    LetIn admitted;
    admitted.certificate = std::move(proven).value();
    co_return Verdict(std::move(admitted));
}

}  // namespace mullion::channel
