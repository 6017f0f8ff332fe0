#include "channel/request_gate.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <utility>

#include "auth/basic.h"
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

// One who waits for his log-on to be checked, also when the connection's coroutine is destroyed meanwhile.
class Waiting {
public:
    Waiting(Doorkeeper& doorkeeper, const std::string& address)
        : doorkeeper_(doorkeeper), address_(address) {}
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    ~Waiting() { doorkeeper_.waited(address_); }

private:
    Doorkeeper& doorkeeper_;
    const std::string& address_;
};

net::Task<bool> wait(net::Executor executor, Duration how_long) {
    boost::asio::steady_timer timer(executor, how_long);
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    co_return true;
}

}  // namespace

net::Task<bool> ConnectionWatch::hold(net::Executor executor, Duration how_long) {
    return wait(std::move(executor), how_long);
}

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
    concluded_ = false;
}

void RequestGate::settings_changed() {
    const bool handshake_gone = acceptor_ && !enabled(scheme_);
    const bool basic_gone = basic_identity_ && !basic_enabled();
    if (handshake_gone || basic_gone) forget();
}

std::optional<Error> RequestGate::refuse_owner(const std::string& who) {
    if (owner_ == who) return std::nullopt;
    // Neither says anything of the password, which was right.
    if (!owner_.empty()) return Error(ErrorId::auth_protocol, "the connection belongs to " + owner_);
    if (parts_.watch != nullptr && !parts_.watch->belongs_to(who))
        return Error(ErrorId::http_busy, who + " has too many connections");
    owner_ = who;
    return std::nullopt;
}

// Whom a connection is not for.
net::Task<Verdict> RequestGate::turn_away(LogonAttempt attempt, Error why) {
    const bool busy = why.id == ErrorId::http_busy;
    forget();
    co_await conclude(std::move(attempt), &why);
    if (busy) co_return TurnedAway{closing_reply(settings_, 503)};
    http::Response response = unauthorized();
    response.keep_alive = false;
    co_return TurnedAway{std::move(response)};
}

net::Task<Result<Verdict>> RequestGate::ask(const http::Request& request) {
    if (parts_.local) co_return Verdict(LetIn{parts_.local, false, {}, false});
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
    if (!acceptor_) {
        auto refused = co_await admit();
        if (refused) co_return std::move(*refused);
        acceptor_ = parts_.make_acceptor(scheme, binding_);
    }
    if (!acceptor_) co_return Verdict(TurnedAway{unauthorized()});
    auto step = co_await take_step(std::move(token));
    auto attempt = attempt_of(scheme);
    if (!step.ok()) {
        const std::string last_word = acceptor_->last_word();
        forget();
        co_await conclude(std::move(attempt), &step.error());
        http::Response response = unauthorized();
        if (!last_word.empty()) {
            response.headers.remove("WWW-Authenticate");
            response.headers.add("WWW-Authenticate", http::credentials_field(http_scheme(scheme), last_word));
        }
        co_return Verdict(TurnedAway{std::move(response)});
    }
    std::string field = http::credentials_field(http_scheme(scheme), step->token);
    if (step->identity) {
        attempt.who = step->identity->user();
        if (auto refused = refuse_owner(step->identity->user()))
            co_return co_await turn_away(std::move(attempt), std::move(*refused));
        connection_identity_ = std::move(step->identity);
        if (!concluded_) co_await conclude(std::move(attempt), nullptr);
        co_return Verdict(
            LetIn{connection_identity_, false, step->token.empty() ? std::string() : std::move(field), true});
    }
    // This answer tells already that the password was right: no sooner than another one is told to be wrong,
    // and not unseen by who then leaves.
    const auto* const proven = acceptor_->proven();
    if (proven != nullptr && !std::exchange(concluded_, true)) {
        attempt.who = proven->user();
        co_await conclude(std::move(attempt), nullptr);
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
    auto refused = co_await admit();
    if (refused) {
        wipe(token);
        co_return std::move(*refused);
    }
    LogonAttempt attempt{std::string(auth::basic_user(token)), peer_, "Basic", {}};
    auto identity = co_await parts_.basic.verify(std::move(token), attempt);
    wipe(token);
    if (!identity.ok()) {
        const bool busy = identity.error().id == ErrorId::http_busy;
        co_await conclude(std::move(attempt), &identity.error());
        if (busy) co_return Verdict(TurnedAway{empty_reply(settings_, 503)});
        co_return Verdict(TurnedAway{unauthorized()});
    }
    attempt.who = identity->user();
    if (auto other = refuse_owner(identity->user()))
        co_return co_await turn_away(std::move(attempt), std::move(*other));
    basic_identity_ = std::move(identity).value();
    basic_fingerprint_ = fingerprint;
    co_await conclude(std::move(attempt), nullptr);
    co_return Verdict(LetIn{basic_identity_, false, {}, false});
}

net::Task<std::optional<Verdict>> RequestGate::obtain_certificate() {
    if (!stream_.tls()->peer_certificate.empty()) co_return std::nullopt;
    if (!std::exchange(certificate_asked_for_, true)) {
        auto asked = co_await stream_.request_certificate(most_before_certificate);
        if (!asked.ok()) {
            const int status = asked.error().id == ErrorId::http_too_large ? 413 : 401;
            const Error why(ErrorId::auth_protocol, "no client certificate: " + asked.error().message());
            co_await conclude(attempt_with_certificate(), &why);
            co_return Verdict(TurnedAway{closing_reply(settings_, status)});
        }
        if (!stream_.tls()->peer_certificate.empty()) co_return std::nullopt;
    }
    const Error why(ErrorId::auth_protocol, "the client showed no certificate");
    co_await conclude(attempt_with_certificate(), &why);
    co_return Verdict(TurnedAway{unauthorized()});
}

net::Task<Result<Verdict>> RequestGate::certificate() {
    forget();
    shown_.reset();
    // Once it has been somebody's, each further request only asks again whether it still is.
    if (certificate_account_.empty()) {
        auto away = co_await admit();
        if (away) co_return std::move(*away);
    }
    auto refused = co_await obtain_certificate();
    if (refused) co_return std::move(*refused);
    // For each request: trust may have been withdrawn, and the certificate may have expired meanwhile.
    auto proven = parts_.verify_certificate(stream_.tls()->peer_certificate);
    if (!proven.ok()) {
        certificate_account_.clear();
        co_await conclude(attempt_with_certificate(), &proven.error());
        co_return Verdict(TurnedAway{unauthorized()});
    }
    shown_ = *proven;
    // No account has a colon in its name.
    if (auto other = refuse_owner("certificate:" + proven->thumbprint))
        co_return co_await turn_away(attempt_with_certificate(), std::move(*other));
    LetIn admitted;
    admitted.certificate = std::move(proven).value();
    co_return Verdict(std::move(admitted));
}

net::Task<void> RequestGate::certificate_meant(Result<std::string> account) {
    if (!account.ok()) {
        certificate_account_.clear();
        co_await conclude(attempt_with_certificate(), &account.error());
        co_return;
    }
    // It is asked about for each request; a log-on is the first, and one that means somebody else.
    if (certificate_account_ == *account) co_return;
    certificate_account_ = *account;
    auto attempt = attempt_with_certificate();
    attempt.who = certificate_account_;
    co_await conclude(std::move(attempt), nullptr);
}

LogonAttempt RequestGate::attempt_of(Handshake scheme) const {
    return {acceptor_->claimed(), peer_, std::string(http_scheme(scheme)), std::string(acceptor_->inside())};
}

LogonAttempt RequestGate::attempt_with_certificate() const {
    LogonAttempt attempt{{}, peer_, "Certificate", {}};
    if (!shown_) return attempt;
    attempt.who = shown_->upns.empty() ? shown_->subject : shown_->upns.front();
    attempt.inside = shown_->thumbprint;
    return attempt;
}

net::Task<std::optional<Verdict>> RequestGate::admit() {
    waited_ = Duration(0);
    if (parts_.doorkeeper == nullptr) co_return std::nullopt;
    const auto wait = parts_.doorkeeper->arrives(peer_);
    if (!wait) co_return Verdict(TurnedAway{closing_reply(settings_, 503)});
    if (*wait == Duration(0)) co_return std::nullopt;
    const Waiting place(*parts_.doorkeeper, peer_);
    waited_ = *wait;
    const bool open = co_await hold(*wait);
    if (open) co_return std::nullopt;
    co_return Verdict(TurnedAway{closing_reply(settings_, 503)});
}

net::Task<void> RequestGate::conclude(LogonAttempt attempt, const Error* why) {
    if (parts_.doorkeeper == nullptr) co_return;
    const Duration waited = std::exchange(waited_, Duration(0));
    const auto held = parts_.doorkeeper->ended(attempt, why, waited);
    if (held > Duration(0)) (void)co_await hold(held);
}

net::Task<bool> RequestGate::hold(Duration how_long) {
    auto holding = parts_.watch != nullptr ? parts_.watch->hold(stream_.executor(), how_long)
                                           : wait(stream_.executor(), how_long);
    co_return co_await std::move(holding);
}

}  // namespace mullion::channel
