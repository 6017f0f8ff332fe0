#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "auth/policy.h"
#include "credssp/credssp.h"
#include "credssp/proof.h"
#include "credssp/sealing.h"
#include "credssp/status.h"

namespace mullion::credssp {
namespace {

// "DOMAIN\user"; of every other form the host makes what it does of a user name.
auth::Delegated delegated_of(const auth::Credential& credential) {
    const auto slash = credential.user.find('\\');
    if (slash == std::string::npos) return {"", credential.user, credential.password.clone()};
    auto domain = credential.user.substr(0, slash);
    if (domain == ".") domain.clear();
    return {std::move(domain), credential.user.substr(slash + 1), credential.password.clone()};
}

class CredsspInitiator final : public auth::Initiator {
public:
    CredsspInitiator(const auth::Credential& credential, InitiatorOptions options)
        : options_(std::move(options)), delegated_(delegated_of(credential)) {}

    std::string_view http_scheme() const override { return "CredSSP"; }
    std::string_view name() const override { return "credssp"; }
    std::string how() const override;
    bool may_block() const override { return options_.inner->may_block(); }
    bool every_request() const override { return false; }
    Result<auth::Step> step(std::string_view token) override;
    std::optional<Error> refusal(std::string_view token) override;
    auth::Sealing* sealing() override { return state_ == State::complete ? &*sealing_ : nullptr; }
    std::string_view multipart_protocol() const override {
        return "application/HTTP-CredSSP-session-encrypted";
    }

private:
    enum class State {
        start,
        handshake,    // Of TLS.
        negotiating,  // The inner log-on's tokens go to and fro.
        proving,      // The host must show that it has seen the same public key.
        complete,
        failed,
    };

    Result<auth::Step> take(std::string_view token);
    Result<std::string> shake_hands(std::string_view token);
    Result<std::string> receive(std::string_view token);
    Result<auth::Step> send(const TsRequest& request);
    Error explain(const TsRequest& answer);
    Result<auth::Step> go_on(const TsRequest& answer);
    Result<auth::Step> prove(const std::string& inner_token);
    Result<auth::Step> delegate(const TsRequest& answer);
    Error wrong(std::string what) const { return {ErrorId::auth_protocol, "credssp: " + std::move(what)}; }

    InitiatorOptions options_;
    auth::Delegated delegated_;
    std::unique_ptr<crypto::TlsMemory> tls_;
    std::optional<Sealing> sealing_;
    std::string public_key_;
    std::string nonce_;
    unsigned version_ = newest_version;
    bool inner_complete_ = false;
    State state_ = State::start;
};

std::string CredsspInitiator::how() const {
    if (state_ != State::complete) return {};
    const auto inner = options_.inner->how();
    return fmt::format("credssp {} with {}, {}", version_,
                       inner.empty() ? std::string(options_.inner->name()) : inner, tls_->description());
}

Result<auth::Step> CredsspInitiator::step(std::string_view token) {
    assert(state_ != State::complete && state_ != State::failed);
    if (state_ == State::complete || state_ == State::failed) return wrong("the handshake is over");
    auto step = take(token);
    if (!step.ok()) state_ = State::failed;
    return step;
}

Result<auth::Step> CredsspInitiator::take(std::string_view token) {
    if (token.size() > max_message) return wrong("the host's token is too long");
    if (state_ == State::start) {
        MULLION_ASSIGN(tls_, options_.tls->begin());
        state_ = State::handshake;
        MULLION_ASSIGN(std::string hello, shake_hands({}));
        return auth::Step{std::move(hello), false};
    }
    if (token.empty()) return wrong("the host's token is empty");
    if (state_ == State::handshake) {
        MULLION_ASSIGN(std::string next, shake_hands(token));
        // What ends the handshake goes by itself: hosts do not look for more behind it.
        if (!next.empty()) return auth::Step{std::move(next), false};
        if (!tls_->connected()) return wrong("the host's TLS message is cut off");
        MULLION_ASSIGN(public_key_, tls_->server_public_key());
        MULLION_ASSIGN(const auth::Step first, options_.inner->step({}));
        inner_complete_ = first.complete;
        state_ = State::negotiating;
        TsRequest request;
        request.nego_token = first.token;
        return send(request);
    }
    MULLION_ASSIGN(const std::string clear, receive(token));
    const auto answer = parse_ts_request(clear);
    if (!answer) return wrong("the host's message is not a TSRequest");
    if (answer->error_code && *answer->error_code != 0) return explain(*answer);
    return state_ == State::negotiating ? go_on(*answer) : delegate(*answer);
}

Result<std::string> CredsspInitiator::shake_hands(std::string_view token) {
    auto next = tls_->handshake(token);
    if (next.ok()) return next;
    Error error = std::move(next).error();
    error.id = tls_->version_refused() ? ErrorId::credssp_tls12 : ErrorId::auth_protocol;
    return error;
}

Result<std::string> CredsspInitiator::receive(std::string_view token) {
    auto clear = tls_->decrypt(token);
    if (!clear.ok()) clear.error().id = ErrorId::auth_protocol;  // No message is sealed yet.
    return clear;
}

Result<auth::Step> CredsspInitiator::send(const TsRequest& request) {
    const std::string message = write_ts_request(request);
    std::string records;
    for (std::string_view rest = message; !rest.empty();
         rest.remove_prefix(std::min(rest.size(), crypto::tls_record_data))) {
        MULLION_ASSIGN(const std::string record, tls_->encrypt(rest.substr(0, crypto::tls_record_data)));
        records.append(record);
    }
    return auth::Step{std::move(records), false};
}

// A token beside the status may say more: Kerberos' error message tells a wrong key from a wrong clock, and
// whether another name, or NTLM, could do better.
Error CredsspInitiator::explain(const TsRequest& answer) {
    if (state_ == State::negotiating && answer.nego_token && !inner_complete_) {
        auto step = options_.inner->step(*answer.nego_token);
        if (!step.ok() && auth::is_about_tickets(step.error().id)) return std::move(step).error();
    }
    return explain_status(*answer.error_code);
}

Result<auth::Step> CredsspInitiator::go_on(const TsRequest& answer) {
    version_ = std::min(answer.version, newest_version);
    if (version_ < options_.minimum_version)
        return Error(ErrorId::credssp_version,
                     fmt::format("the host speaks version {}, wanted is at least {}", answer.version,
                                 options_.minimum_version));
    if (inner_complete_ && !answer.nego_token) return prove({});
    if (!answer.nego_token) return wrong("the host's message has no token");
    MULLION_ASSIGN(const auth::Step step, options_.inner->step(*answer.nego_token));
    inner_complete_ = step.complete;
    if (step.complete || options_.inner->sealing_of_proof() != nullptr) return prove(step.token);
    if (step.token.empty()) return wrong("the log-on inside waits for more than there is");
    TsRequest request;
    request.nego_token = step.token;
    return send(request);
}

// Beside the log-on's last token, as Windows does it: a host may take that for the end of the log-on.
Result<auth::Step> CredsspInitiator::prove(const std::string& inner_token) {
    auto* const sealing = options_.inner->sealing_of_proof();
    if (sealing == nullptr) return wrong("the log-on inside made no key to seal with");
    TsRequest request;
    if (!inner_token.empty()) request.nego_token = inner_token;
    if (version_ >= 5) {
        std::array<std::uint8_t, nonce_size> nonce{};
        options_.random.fill(nonce);
        nonce_.assign(nonce.begin(), nonce.end());
        request.client_nonce = nonce_;
    }
    MULLION_ASSIGN(const std::string sealed,
                   wrap(*sealing, key_proof(Prover::client, version_, nonce_, public_key_)));
    request.pub_key_auth = sealed;
    state_ = State::proving;
    return send(request);
}

Result<auth::Step> CredsspInitiator::delegate(const TsRequest& answer) {
    if (answer.nego_token && !inner_complete_) {
        MULLION_ASSIGN(const auth::Step last, options_.inner->step(*answer.nego_token));
        if (!last.complete || !last.token.empty()) return wrong("the log-on inside does not end");
        inner_complete_ = true;
    }
    if (!answer.pub_key_auth) return wrong("the host does not say which public key it has");
    // Not SPNEGO's word that all is done, but this: it cannot be had without the session's key, and it is
    // about the very conversation in which all tokens went.
    auto* const sealing = options_.inner->sealing_of_proof();
    auto shown = unwrap(*sealing, *answer.pub_key_auth);
    if (!shown.ok()) {
        return Error(ErrorId::credssp_public_key,
                     fmt::format("the host's proof cannot be opened: {}", shown.error().detail));
    }
    if (!same_in_constant_time(*shown, key_proof(Prover::server, version_, nonce_, public_key_)))
        return Error(ErrorId::credssp_public_key, "the host has seen another public key than this end");
    MULLION_ASSIGN(std::string credentials, write_ts_credentials(delegated_));
    const auto sealed = wrap(*sealing, credentials);
    wipe(credentials);
    delegated_ = {};
    if (!sealed.ok()) return sealed.error();
    TsRequest request;
    request.auth_info = *sealed;
    MULLION_ASSIGN(auth::Step step, send(request));
    sealing_.emplace(*tls_);
    state_ = State::complete;
    step.complete = true;
    return step;
}

// A host that has no version of TLS in common may have nothing to say, not even an alert. One that cannot use
// what it was handed says so.
std::optional<Error> CredsspInitiator::refusal(std::string_view token) {
    if (state_ == State::handshake && token.empty())
        return Error(ErrorId::credssp_tls12, "the host ended the inner TLS handshake without a word");
    if (state_ != State::complete || token.empty() || token.size() > max_message) return std::nullopt;
    const auto clear = tls_->decrypt(token);
    const auto answer = clear.ok() ? parse_ts_request(*clear) : std::nullopt;
    if (!answer || !answer->error_code) return std::nullopt;
    return explain_status(*answer->error_code);
}

}  // namespace

Result<std::shared_ptr<const crypto::TlsMemoryContext>> client_tls(bool legacy) {
    // Making one takes longer than a handshake does; nothing in them is of one host.
    static const auto usual = crypto::TlsMemoryContext::client(crypto::TlsVersions::modern);
    if (!legacy) return usual;
    static const auto old = crypto::TlsMemoryContext::client(crypto::TlsVersions::legacy);
    return old;
}

std::unique_ptr<auth::Initiator> make_initiator(const auth::Credential& credential,
                                                InitiatorOptions options) {
    assert(options.inner && options.tls);
    return std::make_unique<CredsspInitiator>(credential, std::move(options));
}

}  // namespace mullion::credssp
