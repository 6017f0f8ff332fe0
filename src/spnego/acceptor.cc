#include <cassert>
#include <optional>
#include <utility>

#include "encoding/utf16.h"
#include "spnego/messages.h"
#include "spnego/spnego.h"

namespace mullion::spnego {
namespace {

constexpr std::size_t longest_names = 200;  // For the log: a stranger's list may be 48 KiB.
constexpr std::string_view kNtlmSignature{"NTLMSSP\0", 8};

class SpnegoAcceptor final : public auth::Acceptor {
public:
    explicit SpnegoAcceptor(std::vector<Served> served) : served_(std::move(served)) {}

    bool may_block() const override;
    Result<auth::AcceptStep> step(std::string_view token) override;
    std::string last_word() const override { return last_word_; }
    std::string claimed() const override {
        return mechanism_ == nullptr ? std::string() : mechanism_->claimed();
    }
    std::string_view inside() const override {
        return mechanism_ == nullptr ? std::string_view() : mechanism_->inside();
    }
    auth::Sealing* sealing() override { return state_ == State::complete ? mechanism_->sealing() : nullptr; }
    auth::Integrity* integrity() override {
        return state_ == State::complete ? mechanism_->integrity() : nullptr;
    }
    std::string_view multipart_protocol() const override {
        return "application/HTTP-SPNEGO-session-encrypted";
    }

private:
    enum class State {
        start,
        raw,         // A mechanism's own tokens, without SPNEGO around them.
        exchanging,  // Tokens of the mechanism go to and fro.
        proven,      // The mechanism is done; the client's checksum is not there yet.
        complete,
        failed,
    };

    const Served* find(std::string_view oid) const;
    Result<auth::AcceptStep> begin(std::string_view token);
    Result<auth::AcceptStep> begin(const SpnegoInit& init);
    const Served* find_raw(std::string_view token) const;
    Result<auth::AcceptStep> pass_on(std::string_view token);
    Result<auth::AcceptStep> go_on(std::string_view token);
    Result<auth::AcceptStep> exchange(std::string_view token, std::optional<std::string_view> mic);
    Result<void> check(std::string_view mic);
    Result<auth::AcceptStep> answer(std::string_view token);
    auth::AcceptStep send(SpnegoResponse response);
    Error fail(ErrorId id, std::string what) {
        state_ = State::failed;
        return Error(id, "negotiate: " + std::move(what));
    }
    Error fail(std::string what) { return fail(ErrorId::auth_protocol, std::move(what)); }
    Error fail(Error error) {
        state_ = State::failed;
        return error;
    }
    Error refuse(Error error);

    std::vector<Served> served_;
    auth::Acceptor* mechanism_ = nullptr;  // The chosen one of them,
    std::string_view oid_;                 // and its name until it has been told.
    std::string list_;                     // The client's, as it came: what the checksums cover.
    std::optional<auth::Identity> identity_;
    std::string last_word_;
    State state_ = State::start;
    int steps_ = 0;
    bool mic_required_ = false;
    bool mic_sent_ = false;
    bool mic_right_ = false;  // The client's.
};

bool SpnegoAcceptor::may_block() const {
    if (mechanism_ != nullptr) return mechanism_->may_block();
    for (const Served& one : served_) {
        if (one.mechanism->may_block()) return true;
    }
    return false;
}

const Served* SpnegoAcceptor::find(std::string_view oid) const {
    for (const Served& one : served_) {
        if (one.oid == oid) return &one;
    }
    return nullptr;
}

Result<auth::AcceptStep> SpnegoAcceptor::step(std::string_view token) {
    if (state_ == State::complete || state_ == State::failed) return fail("the handshake is over");
    if (token.empty() || token.size() > max_token) {
        return fail("a token of " + std::to_string(token.size()) + " bytes");
    }
    if (++steps_ > max_steps) return fail("the handshake does not end");
    if (state_ == State::start) return begin(token);
    if (state_ == State::raw) return pass_on(token);
    return go_on(token);
}

// RFC 4559 4 knows only SPNEGO; Windows takes NTLM and Kerberos without it, and clients send both.
const Served* SpnegoAcceptor::find_raw(std::string_view token) const {
    if (token.starts_with(kNtlmSignature)) return find(ntlm_oid);
    const auto oid = parse_initial_oid(token);
    return oid ? find(*oid) : nullptr;
}

Result<auth::AcceptStep> SpnegoAcceptor::begin(std::string_view token) {
    if (const Served* const raw = find_raw(token)) {
        mechanism_ = raw->mechanism.get();
        state_ = State::raw;
        return pass_on(token);
    }
    if (token.starts_with(kNtlmSignature)) return fail("NTLM is not served");
    const auto init = parse_spnego_init(token);
    if (!init) return fail("neither SPNEGO nor a mechanism that is served");
    return begin(*init);
}

// The mechanism's failure; its last word goes in SPNEGO's rejection.
Error SpnegoAcceptor::refuse(Error error) {
    const std::string word = mechanism_->last_word();
    if (state_ == State::raw) {
        last_word_ = word;
    } else if (!word.empty()) {
        SpnegoResponse rejection;
        rejection.state = SpnegoState::reject;
        rejection.response_token = word;
        last_word_ = send(rejection).token;
    }
    return fail(std::move(error));
}

Result<auth::AcceptStep> SpnegoAcceptor::begin(const SpnegoInit& init) {
    list_ = init.mechanism_list;
    const Served* chosen = nullptr;
    std::string names;
    std::size_t index = 0;
    for (; index < init.mechanisms.size() && chosen == nullptr; ++index) {
        chosen = find(init.mechanisms[index]);
        names.append(names.empty() ? "" : ", ").append(oid_text(init.mechanisms[index]));
    }
    if (chosen == nullptr)
        return fail("none of the client's mechanisms is served: " +
                    encoding::shortened(std::move(names), longest_names));
    mechanism_ = chosen->mechanism.get();
    oid_ = chosen->oid;
    state_ = State::exchanging;
    const bool preferred = index == 1;
    if (preferred && !init.mech_token.empty()) return exchange(init.mech_token, init.mic);
    // The token belongs to another mechanism, or there is none. 5: whoever took the first one out of the list
    // must not get away with it.
    mic_required_ = !preferred;
    SpnegoResponse next;
    next.state = preferred ? SpnegoState::accept_incomplete : SpnegoState::request_mic;
    return send(next);
}

Result<auth::AcceptStep> SpnegoAcceptor::pass_on(std::string_view token) {
    auto step = mechanism_->step(token);
    if (!step.ok()) return refuse(std::move(step).error());
    if (step->identity) state_ = State::complete;
    return step;
}

Result<auth::AcceptStep> SpnegoAcceptor::go_on(std::string_view token) {
    const auto response = parse_spnego_response(token);
    if (!response) return fail("not a SPNEGO response");
    if (response->state == SpnegoState::reject) return fail("the client rejected the negotiation");
    return exchange(response->response_token, response->mic);
}

Result<auth::AcceptStep> SpnegoAcceptor::exchange(std::string_view token,
                                                  std::optional<std::string_view> mic) {
    std::string next;
    if (state_ == State::proven) {
        if (!token.empty()) return fail("the mechanism is done, but the client goes on");
    } else {
        if (token.empty()) return fail("no token of the mechanism");
        auto step = mechanism_->step(token);
        if (!step.ok()) return refuse(std::move(step).error());
        next = std::move(step->token);
        if (step->identity) {
            state_ = State::proven;
            identity_.emplace(step->identity->user(), auth::Transport::negotiate,
                              step->identity->administrator(), step->identity->unix_user(),
                              step->identity->delegated());
        }
    }
    if (mic) MULLION_TRY(check(*mic));
    return answer(next);
}

Result<void> SpnegoAcceptor::check(std::string_view mic) {
    auth::Integrity* const integrity = state_ == State::proven ? mechanism_->integrity() : nullptr;
    if (integrity == nullptr) return fail("a checksum of the mechanisms out of order");
    if (!integrity->list_mic_is_right(list_, mic)) {
        return fail(ErrorId::auth_rejected,
                    "the checksum of the mechanisms is wrong: their list was changed on the way");
    }
    mic_right_ = true;
    return {};
}

Result<auth::AcceptStep> SpnegoAcceptor::answer(std::string_view token) {
    SpnegoResponse next;
    next.response_token = token;
    if (state_ != State::proven) {
        next.state = SpnegoState::accept_incomplete;
        return send(next);
    }
    auth::Integrity* const integrity = mechanism_->integrity();
    std::string mic;
    if (mic_required_ && !mic_right_) {
        // The client had the last word of the mechanism, and should have put the checksum beside it (5 c IV).
        if (token.empty() || integrity == nullptr) {
            return fail(ErrorId::auth_rejected,
                        "the client protects the list of mechanisms with no checksum");
        }
        mic = integrity->list_mic(list_);
        next.mic = mic;
        next.state = SpnegoState::accept_incomplete;
        mic_sent_ = true;
        return send(next);
    }
    if (mic_right_ && !mic_sent_) {
        mic = integrity->list_mic(list_);
        next.mic = mic;
    }
    next.state = SpnegoState::accept_completed;
    state_ = State::complete;
    auth::AcceptStep last = send(next);
    last.identity = std::move(identity_);
    return last;
}

// 4.2.2: the first answer names the mechanism.
auth::AcceptStep SpnegoAcceptor::send(SpnegoResponse response) {
    response.mechanism = std::exchange(oid_, {});
    return {write_spnego_response(response), std::nullopt};
}

}  // namespace

std::unique_ptr<auth::Acceptor> make_acceptor(std::vector<Served> served) {
    assert(!served.empty());
    return std::make_unique<SpnegoAcceptor>(std::move(served));
}

}  // namespace mullion::spnego
