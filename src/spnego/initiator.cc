#include <cassert>
#include <utility>

#include "spnego/messages.h"
#include "spnego/spnego.h"

namespace mullion::spnego {
namespace {

class SpnegoInitiator final : public auth::Initiator {
public:
    SpnegoInitiator(std::vector<Offer> offers, std::string remark)
        : offers_(std::move(offers)), remark_(std::move(remark)) {}

    std::string_view http_scheme() const override { return "Negotiate"; }
    std::string_view name() const override { return "negotiate"; }
    std::string how() const override;
    bool may_block() const override { return mechanism().may_block(); }
    bool every_request() const override { return false; }
    Result<auth::Step> step(std::string_view token) override;
    auth::Sealing* sealing() override { return state_ == State::complete ? mechanism().sealing() : nullptr; }
    auth::Integrity* integrity() override {
        return state_ == State::complete ? mechanism().integrity() : nullptr;
    }
    auth::Sealing* sealing_of_proof() override {
        return state_ == State::proven ? mechanism().sealing() : sealing();
    }
    std::string_view multipart_protocol() const override {
        return "application/HTTP-SPNEGO-session-encrypted";
    }

private:
    enum class State {
        start,
        offered,     // The host has not chosen yet.
        exchanging,  // Tokens of the mechanism go to and fro.
        proven,      // The mechanism is done; the host has not said that all is.
        complete,
        failed,
    };

    bool is(const Offer& offer, std::string_view oid) const {
        return oid == offer.oid || (!offer.also.empty() && oid == offer.also);
    }
    Error rejected(const SpnegoResponse& answer);
    auth::Initiator& mechanism() const { return *offers_[chosen_].mechanism; }
    Result<auth::Step> begin(std::string_view hint);
    Result<void> choose(const SpnegoResponse& answer);
    Result<std::string> exchange(const SpnegoResponse& answer);
    Result<void> check(std::string_view mic);
    Result<auth::Step> end(bool has_more_to_say);
    Result<auth::Step> reply(std::string_view token);
    Error fail(ErrorId id, std::string what) {
        state_ = State::failed;
        return Error(id, "negotiate: " + std::move(what));
    }
    Error fail(std::string what) { return fail(ErrorId::auth_protocol, std::move(what)); }
    Error fail(Error error) {
        state_ = State::failed;
        return error;
    }

    std::vector<Offer> offers_;
    std::string remark_;
    std::size_t chosen_ = 0;
    std::string list_;  // What the checksums cover.
    std::string preferred_;
    State state_ = State::start;
    int steps_ = 0;
    bool one_token_ = false;     // Is all that the preferred mechanism has.
    bool mic_required_ = false;  // RFC 4178 5: the choice is not what we preferred, or the host wants it.
    bool mic_sent_ = false;
    bool mic_right_ = false;  // The host's.
};

Result<auth::Step> SpnegoInitiator::step(std::string_view token) {
    assert(state_ != State::complete && state_ != State::failed);
    if (state_ == State::complete || state_ == State::failed) {
        return fail("the handshake is over, but the host goes on");
    }
    if (++steps_ > max_steps) return fail("the handshake does not end");
    if (state_ == State::start) return begin(token);
    if (token.empty() || token.size() > max_token) {
        return fail("the host's token has " + std::to_string(token.size()) + " bytes");
    }
    const auto answer = parse_spnego_response(token);
    if (!answer) {
        return fail(parse_spnego_init(token) ? "the host begins a negotiation of its own instead of answering"
                                             : "the host's token is not SPNEGO");
    }
    if (answer->state == SpnegoState::reject) return rejected(*answer);
    if (answer->state == SpnegoState::request_mic) mic_required_ = true;
    if (state_ == State::offered) MULLION_TRY(choose(*answer));

    MULLION_ASSIGN(const std::string mechanism_token, exchange(*answer));
    if (answer->mic) MULLION_TRY(check(*answer->mic));
    if (answer->state == SpnegoState::accept_completed) return end(!mechanism_token.empty());
    return reply(mechanism_token);
}

// What was agreed on, and what was preferred to it in vain.
std::string SpnegoInitiator::how() const {
    std::string text = mechanism().how();
    if (text.empty() && offers_.size() == 1 && remark_.empty()) return {};  // There is nothing to tell.
    if (text.empty()) text = mechanism().name();
    if (chosen_ != 0) text.append("; ").append(preferred_).append(": the host chose otherwise");
    if (!remark_.empty()) text.append("; ").append(remark_);
    return text;
}

// The mechanism may know why: hosts put Kerberos' own error message into the rejection.
Error SpnegoInitiator::rejected(const SpnegoResponse& answer) {
    const bool of_this_one = answer.mechanism.empty() || is(offers_[chosen_], answer.mechanism);
    if (of_this_one && !answer.response_token.empty() && state_ != State::proven) {
        auto why = mechanism().step(answer.response_token);
        if (!why.ok()) return fail(std::move(why).error());
    }
    return fail(ErrorId::auth_rejected, "the host rejected the negotiation");
}

// A host may say first which mechanisms it has (NegTokenInit2). Nothing protects that, so it changes nothing.
Result<auth::Step> SpnegoInitiator::begin(std::string_view hint) {
    if (!hint.empty() && (hint.size() > max_token || !parse_spnego_init(hint))) {
        return fail("what the host says first is not SPNEGO");
    }
    std::vector<std::string_view> oids;
    for (const Offer& offer : offers_) oids.push_back(offer.oid);
    list_ = write_mechanism_list(oids);
    auto first = mechanism().step({});
    if (!first.ok()) return fail(std::move(first).error());
    one_token_ = first->complete;
    state_ = State::offered;
    return auth::Step{write_spnego_init(list_, first->token), false};
}

// 4.2.2: the first answer names the mechanism. Java's hosts leave the name out when it is the preferred one.
Result<void> SpnegoInitiator::choose(const SpnegoResponse& answer) {
    const std::string_view name = answer.mechanism.empty() ? offers_.front().oid : answer.mechanism;
    while (chosen_ < offers_.size() && !is(offers_[chosen_], name)) ++chosen_;
    if (chosen_ == offers_.size()) {
        chosen_ = 0;
        return fail("the host chose " + oid_text(name) + ", which was not offered");
    }
    preferred_ = offers_.front().mechanism->name();
    // The others have what they would have logged on with: a hash of the password, a ticket.
    for (Offer& offer : offers_)
        if (&offer != &offers_[chosen_]) offer.mechanism.reset();
    state_ = chosen_ == 0 && one_token_ ? State::proven : State::exchanging;
    if (chosen_ == 0) return {};
    mic_required_ = true;
    if (!answer.response_token.empty()) return fail("the host answers a token that it did not get");
    return {};
}

// The mechanism's own token that comes next; empty when it has none.
Result<std::string> SpnegoInitiator::exchange(const SpnegoResponse& answer) {
    if (!answer.mechanism.empty() && !is(offers_[chosen_], answer.mechanism)) {
        return fail("the host changed the mechanism");
    }
    if (state_ == State::proven) {
        if (!answer.response_token.empty()) return fail("the mechanism is done, but the host goes on");
        return std::string();
    }
    const bool begins = chosen_ != 0 && steps_ == 2;
    if (!begins && answer.response_token.empty()) return fail("the host's answer has no token");
    auto step = mechanism().step(answer.response_token);
    if (!step.ok()) return fail(std::move(step).error());
    if (step->complete) state_ = State::proven;
    return std::move(step->token);
}

Result<void> SpnegoInitiator::check(std::string_view mic) {
    auth::Integrity* const integrity = state_ == State::proven ? mechanism().integrity() : nullptr;
    if (integrity == nullptr || mic_right_) return fail("a checksum of the mechanisms out of order");
    if (!integrity->list_mic_is_right(list_, mic)) {
        return fail("the checksum of the mechanisms is wrong: their list was changed on the way");
    }
    mic_right_ = true;
    return {};
}

// The host is done, so we must be. 5: who got our checksum sends its own.
Result<auth::Step> SpnegoInitiator::end(bool has_more_to_say) {
    if (state_ != State::proven || has_more_to_say) return fail("the host ended before the mechanism did");
    if ((mic_required_ || mic_sent_) && !mic_right_) {
        return fail("the host ended without a checksum of the mechanisms");
    }
    state_ = State::complete;
    return auth::Step{{}, true};
}

Result<auth::Step> SpnegoInitiator::reply(std::string_view token) {
    SpnegoResponse next;
    next.state = SpnegoState::accept_incomplete;
    next.response_token = token;
    std::string mic;
    if (state_ == State::proven && !mic_sent_) {
        if (auth::Integrity* const integrity = mechanism().integrity()) {
            mic = integrity->list_mic(list_);
            next.mic = mic;
            mic_sent_ = true;
        } else if (mic_required_) {
            return fail("the mechanism that the host chose cannot protect the choice");
        }
    }
    if (state_ == State::proven && mic_right_) {  // The host needs nothing more than this.
        state_ = State::complete;
        next.state = SpnegoState::accept_completed;
        const bool nothing = token.empty() && !next.mic;
        return auth::Step{nothing ? std::string() : write_spnego_response(next), true};
    }
    if (token.empty() && !next.mic) return fail("the host waits for more than there is");
    return auth::Step{write_spnego_response(next), false};
}

}  // namespace

std::unique_ptr<auth::Initiator> make_initiator(std::vector<Offer> offers, std::string remark) {
    assert(!offers.empty());
    return std::make_unique<SpnegoInitiator>(std::move(offers), std::move(remark));
}

}  // namespace mullion::spnego
