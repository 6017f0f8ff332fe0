#include <algorithm>
#include <cassert>
#include <utility>

#include "credssp/credssp.h"
#include "credssp/proof.h"
#include "credssp/sealing.h"
#include "credssp/status.h"

namespace mullion::credssp {
namespace {

class CredsspAcceptor final : public auth::Acceptor {
public:
    explicit CredsspAcceptor(AcceptorOptions options) : options_(std::move(options)) {}

    bool may_block() const override { return options_.inner->may_block(); }
    Result<auth::AcceptStep> step(std::string_view token) override;
    std::string last_word() const override { return last_word_; }
    std::string claimed() const override { return options_.inner->claimed(); }
    std::string_view inside() const override { return options_.inner->inside(); }
    const auth::Identity* proven() const override { return identity_ ? &*identity_ : nullptr; }
    auth::Sealing* sealing() override { return state_ == State::complete ? &*sealing_ : nullptr; }
    std::string_view multipart_protocol() const override {
        return "application/HTTP-CredSSP-session-encrypted";
    }

private:
    enum class State {
        handshake,    // Of TLS.
        negotiating,  // The inner log-on's tokens go to and fro.
        proven,       // Who it is, and that nobody is in between. What he hands over is to come.
        complete,
        failed,
    };

    Result<auth::AcceptStep> take(std::string_view token);
    Result<auth::AcceptStep> shake_hands(std::string_view token);
    Result<auth::AcceptStep> hear(std::string_view clear);
    Result<auth::AcceptStep> negotiate(const TsRequest& request);
    Result<auth::AcceptStep> compare(const TsRequest& request, const std::string& inner_token);
    Result<auth::AcceptStep> receive(const TsRequest& request);
    Error refuse(Error error);  // With a last word.
    Result<auth::AcceptStep> send(TsRequest request);
    Error wrong(std::string what) const { return {ErrorId::auth_protocol, "credssp: " + std::move(what)}; }
    Error rejected(std::string what) const { return {ErrorId::auth_rejected, "credssp: " + std::move(what)}; }

    AcceptorOptions options_;
    std::unique_ptr<crypto::TlsMemory> tls_;
    std::optional<Sealing> sealing_;
    std::optional<auth::Identity> identity_;
    std::string last_word_;
    unsigned version_ = newest_version;
    State state_ = State::handshake;
};

Result<auth::AcceptStep> CredsspAcceptor::step(std::string_view token) {
    if (state_ == State::complete || state_ == State::failed) return wrong("the handshake is over");
    auto step = take(token);
    if (!step.ok()) {
        state_ = State::failed;
        identity_.reset();
    }
    return step;
}

Result<auth::AcceptStep> CredsspAcceptor::take(std::string_view token) {
    if (token.empty() || token.size() > max_message)
        return wrong("a token of " + std::to_string(token.size()) + " bytes");
    if (state_ == State::handshake) return shake_hands(token);
    auto clear = tls_->decrypt(token);
    if (!clear.ok()) {
        clear.error().id = ErrorId::auth_protocol;
        return std::move(clear).error();
    }
    return hear(*clear);
}

Result<auth::AcceptStep> CredsspAcceptor::shake_hands(std::string_view token) {
    if (!tls_) {
        MULLION_ASSIGN(tls_, options_.tls->begin());
    }
    auto said = tls_->handshake(token);
    if (!said.ok()) {
        said.error().id = ErrorId::auth_protocol;
        return std::move(said).error();
    }
    auth::AcceptStep answer;
    answer.token = std::move(*said);
    if (!tls_->connected()) {
        if (answer.token.empty()) return wrong("a TLS message is cut off");
        return answer;
    }
    state_ = State::negotiating;
    // The first message may stand behind the client's last of the handshake.
    MULLION_ASSIGN(const std::string clear, tls_->decrypt({}));
    if (clear.empty()) return answer;
    MULLION_ASSIGN(auth::AcceptStep next, hear(clear));
    next.token.insert(0, answer.token);
    return next;
}

Result<auth::AcceptStep> CredsspAcceptor::hear(std::string_view clear) {
    const auto request = parse_ts_request(clear);
    if (!request) return wrong("the client's message is not a TSRequest");
    version_ = std::min(request->version, newest_version);
    if (version_ < oldest_version) return wrong("the client's version is " + std::to_string(version_));
    return state_ == State::negotiating ? negotiate(*request) : receive(*request);
}

Result<auth::AcceptStep> CredsspAcceptor::negotiate(const TsRequest& request) {
    std::string inner_token;
    if (request.nego_token) {
        if (identity_) return wrong("the log-on inside is done, but the client goes on");
        auto step = options_.inner->step(*request.nego_token);
        if (!step.ok()) return refuse(std::move(step).error());
        inner_token = std::move(step->token);
        identity_ = std::move(step->identity);
    }
    if (request.pub_key_auth) return compare(request, inner_token);
    if (inner_token.empty()) return wrong("the client's message has neither token nor proof");
    TsRequest answer;
    answer.nego_token = inner_token;
    return send(answer);
}

Result<auth::AcceptStep> CredsspAcceptor::compare(const TsRequest& request, const std::string& inner_token) {
    auto* const sealing = identity_ ? options_.inner->sealing() : nullptr;
    if (sealing == nullptr) return wrong("a proof before the log-on inside is done");
    const auto nonce = request.client_nonce.value_or("");
    if (version_ >= 5 && nonce.size() != nonce_size) return wrong("version 5 and above want a nonce");
    MULLION_ASSIGN(const std::string key, tls_->server_public_key());
    const auto shown = unwrap(*sealing, *request.pub_key_auth);
    if (!shown.ok() || !same_in_constant_time(*shown, key_proof(Prover::client, version_, nonce, key)))
        return refuse(rejected("the client has seen another public key: somebody is in between"));
    MULLION_ASSIGN(const std::string proof, wrap(*sealing, key_proof(Prover::server, version_, nonce, key)));
    state_ = State::proven;
    TsRequest answer;
    if (!inner_token.empty()) answer.nego_token = inner_token;
    answer.pub_key_auth = proof;
    return send(answer);
}

Result<auth::AcceptStep> CredsspAcceptor::receive(const TsRequest& request) {
    if (!request.auth_info) return wrong("the client hands nothing over");
    auto clear = unwrap(*options_.inner->sealing(), *request.auth_info);
    if (!clear.ok()) return wrong("what the client hands over cannot be opened");
    auto delegated = parse_ts_credentials(*clear);
    wipe(*clear);
    if (!delegated.ok()) return refuse(std::move(delegated).error());
    if (const auto& inner = identity_->delegated(); inner && inner->ticket)
        delegated->ticket = inner->ticket->clone();
    sealing_.emplace(*tls_);
    state_ = State::complete;
    auth::AcceptStep done;
    done.identity.emplace(identity_->user(), auth::Transport::credssp, identity_->administrator(),
                          identity_->unix_user(),
                          std::make_shared<const auth::Delegated>(std::move(*delegated)));
    return done;
}

// 2.2.1: versions 2 and 5 have no errorCode; there the 401 says it all. What the mechanism inside still has
// to say (Kerberos: why the ticket is refused) goes beside it; who looks at the status alone loses nothing.
Error CredsspAcceptor::refuse(Error error) {
    if (version_ < 3 || version_ == 5) return error;
    const std::string word = state_ == State::negotiating ? options_.inner->last_word() : std::string();
    TsRequest answer;
    if (!word.empty()) answer.nego_token = word;
    answer.error_code = error.id == ErrorId::auth_rejected ? status_logon_failure : sec_invalid_token;
    if (auto step = send(answer); step.ok()) last_word_ = std::move(step->token);
    return error;
}

Result<auth::AcceptStep> CredsspAcceptor::send(TsRequest request) {
    request.version = newest_version;
    const std::string message = write_ts_request(request);
    auth::AcceptStep step;
    for (std::string_view rest = message; !rest.empty();
         rest.remove_prefix(std::min(rest.size(), crypto::tls_record_data))) {
        MULLION_ASSIGN(const std::string record, tls_->encrypt(rest.substr(0, crypto::tls_record_data)));
        step.token.append(record);
    }
    return step;
}

}  // namespace

std::unique_ptr<auth::Acceptor> make_acceptor(AcceptorOptions options) {
    assert(options.inner && options.tls);
    return std::make_unique<CredsspAcceptor>(std::move(options));
}

}  // namespace mullion::credssp
