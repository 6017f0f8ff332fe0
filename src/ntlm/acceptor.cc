#include "ntlm/acceptor.h"

#include <fmt/core.h>

#include <array>
#include <optional>
#include <utility>

#include "auth/account_name.h"
#include "ntlm/computer_name.h"
#include "ntlm/guard.h"
#include "ntlm/keys.h"
#include "ntlm/messages_write.h"
#include "ntlm/own_challenge.h"
#include "ntlm/sealing.h"

namespace mullion::ntlm {
namespace {

constexpr std::size_t kMaxMessage = 48 * 1024;
constexpr std::size_t kKeySize = 16;
constexpr std::size_t kMicSize = 16;

std::string random_bytes(Random& random, std::size_t size) {
    std::string bytes(size, '\0');
    random.fill({reinterpret_cast<std::uint8_t*>(bytes.data()), size});
    return bytes;
}

class NtlmAcceptor final : public auth::Acceptor {
public:
    NtlmAcceptor(auth::AccountLookup& accounts, const AcceptorOptions& options)
        : accounts_(accounts), options_(options) {}

    // The first message needs no account.
    bool may_block() const override {
        return state_ == State::challenged && (accounts_.may_block() || options_.domains != nullptr);
    }
    Result<auth::AcceptStep> step(std::string_view token) override;
    std::string claimed() const override { return claimed_; }
    std::string_view inside() const override { return "ntlm"; }
    auth::Sealing* sealing() override { return sealing_ && seals_well(flags_) ? &*sealing_ : nullptr; }
    auth::Integrity* integrity() override { return sealing_ ? &*sealing_ : nullptr; }
    std::string_view multipart_protocol() const override {
        return "application/HTTP-SPNEGO-session-encrypted";
    }

private:
    enum class State { start, challenged, complete, failed };

    Result<auth::AcceptStep> challenge(std::string_view message);
    Result<auth::AcceptStep> accept(std::string_view message);
    Result<DomainProof> prove(const NtlmAuthenticate& claim);
    Result<DomainProof> prove_here(const NtlmAuthenticate& claim, std::optional<auth::AccountRecord> account);
    bool may_be_of_a_domain(const NtlmAuthenticate& claim, bool known_here) const;
    Secret session_key(const NtlmAuthenticate& claim, Secret base_key) const;
    Result<void> check_mic(const NtlmAuthenticate& claim, std::string_view message, const Secret& key);
    Result<void> check_binding(const NtlmAuthenticate& claim);
    Error fail(ErrorId id, std::string what) {
        state_ = State::failed;
        return Error(id, "ntlm: " + std::move(what));
    }
    Error fail(Error error) {
        state_ = State::failed;
        return error;
    }

    auth::AccountLookup& accounts_;
    AcceptorOptions options_;
    State state_ = State::start;
    std::string negotiate_;  // Both as they went, for the MIC.
    std::string challenge_;
    std::string claimed_;
    std::uint32_t flags_ = 0;  // What the messages so far agree on.
    std::optional<Sealing> sealing_;
};

Result<auth::AcceptStep> NtlmAcceptor::step(std::string_view token) {
    if (token.size() > kMaxMessage) {
        return fail(ErrorId::auth_protocol, "a message of " + std::to_string(token.size()) + " bytes");
    }
    const auto type = ntlm_type(token);
    if (!type) return fail(ErrorId::auth_protocol, "not an NTLM message");
    if (*type == NtlmType::negotiate && state_ == State::start) return challenge(token);
    if (*type == NtlmType::authenticate && state_ == State::challenged) return accept(token);
    return fail(ErrorId::auth_protocol, "a message out of order");
}

Result<auth::AcceptStep> NtlmAcceptor::challenge(std::string_view message) {
    auto checked = check_negotiate(message);
    if (!checked.ok()) return fail(std::move(checked).error());
    const std::string nonce = random_bytes(options_.random, 8);
    challenge_ = write_own_challenge(
        {parse_ntlm_negotiate(message)->flags, nonce, file_time(options_.clock.wall()), options_.computer});
    negotiate_ = message;
    flags_ = parse_ntlm_challenge(challenge_)->flags;
    state_ = State::challenged;
    return auth::AcceptStep{challenge_, std::nullopt};
}

Result<auth::AcceptStep> NtlmAcceptor::accept(std::string_view message) {
    const auto sent = parse_ntlm_challenge(challenge_);
    auto checked = check_authenticate(message, {sent->flags, *sent->target_info.timestamp});
    if (!checked.ok()) return fail(std::move(checked).error());
    const NtlmAuthenticate& claim = *checked;
    claimed_ = claim.domain.empty() ? claim.user : claim.domain + '\\' + claim.user;
    flags_ &= claim.flags;

    auto proven = prove(claim);
    if (!proven.ok()) return fail(std::move(proven).error());
    const Secret key = session_key(claim, std::move(proven->base_key));
    if (auto mic = check_mic(claim, message, key); !mic.ok()) return fail(std::move(mic).error());
    if (auto bound = check_binding(claim); !bound.ok()) return fail(std::move(bound).error());

    if ((flags_ & kNtlmExtendedSessionSecurity) != 0) sealing_.emplace(key, flags_, End::server);
    state_ = State::complete;
    negotiate_ = {};
    challenge_ = {};
    const auth::AccountRecord& account = proven->account;
    return auth::AcceptStep{
        {}, auth::Identity(account.user, auth::Transport::ntlm, account.administrator, account.unix_user)};
}

// Our own accounts first. Who names a domain may be of that, also where an account here has the same name.
Result<DomainProof> NtlmAcceptor::prove(const NtlmAuthenticate& claim) {
    MULLION_ASSIGN(auto account, auth::find_account(claim.user, accounts_));
    const bool known = account && account->nt_hash.expose().size() == kKeySize;
    if (!known) account.reset();
    auto here = prove_here(claim, std::move(account));
    if (here.ok() || !may_be_of_a_domain(claim, known)) return here;
    const std::string nonce(parse_ntlm_challenge(challenge_)->server_challenge);
    return options_.domains->prove({claim.user, claim.domain, nonce, std::string(claim.nt_response)});
}

// Clients that have no domain to name put our own name there, or nothing. Nothing is also what some make of
// "DOMAIN\user"; as on Windows it means the domain where there is no such account here, so that a wrong
// password for one of ours does not lock its namesake there.
bool NtlmAcceptor::may_be_of_a_domain(const NtlmAuthenticate& claim, bool known_here) const {
    if (options_.domains == nullptr) return false;
    if (claim.domain.empty()) return !known_here || claim.user.find('@') != std::string::npos;
    const std::string own = options_.computer.empty() ? own_netbios_name() : netbios_name(options_.computer);
    return claim.domain != "." && netbios_name(claim.domain) != own;
}

// With the password of an account of ours. An unknown user costs the same work with a hash that nobody has a
// password for, and fails alike.
Result<DomainProof> NtlmAcceptor::prove_here(const NtlmAuthenticate& claim,
                                             std::optional<auth::AccountRecord> account) {
    const Secret nobody(random_bytes(options_.random, kKeySize));
    const Secret& hash = account ? account->nt_hash : nobody;
    const std::string nonce(parse_ntlm_challenge(challenge_)->server_challenge);
    std::optional<Secret> base_key;
    // 3.2.5.1.2: some clients send a domain and leave it out of the response. Both are tried every time.
    for (const std::string_view domain : {std::string_view(claim.domain), std::string_view()}) {
        const Secret response = response_key(hash, claim.user, domain);
        if (same_in_constant_time(proof(response, nonce, claim.blob()), claim.proof())) {
            base_key = session_base_key(response, claim.proof());
        }
    }
    if (!account)
        return Error(ErrorId::auth_rejected,
                     fmt::format("ntlm: unknown user: {}{}", claim.user, options_.of_unknown));
    if (!base_key) return Error(ErrorId::auth_rejected, "ntlm: wrong password for " + account->user);
    return DomainProof{std::move(*base_key), std::move(*account)};
}

// Without signing and sealing the key is exchanged by some clients only (3.1.5.1.2); check_authenticate has
// seen to its size.
Secret NtlmAcceptor::session_key(const NtlmAuthenticate& claim, Secret base_key) const {
    if ((flags_ & kNtlmKeyExchange) == 0 || claim.session_key.empty()) return base_key;
    std::string exchanged = exchange_key(base_key, claim.session_key);
    Secret key(exchanged);
    wipe(exchanged);
    return key;
}

Result<void> NtlmAcceptor::check_mic(const NtlmAuthenticate& claim, std::string_view message,
                                     const Secret& key) {
    if (!claim.mic_at) return {};  // As on Windows: some clients cannot make one.
    std::string without(message);
    without.replace(*claim.mic_at, kMicSize, kMicSize, '\0');
    const std::string expected = message_integrity(key, negotiate_, challenge_, without);
    if (same_in_constant_time(expected, message.substr(*claim.mic_at, kMicSize))) return {};
    return Error(ErrorId::auth_rejected, "ntlm: the MIC is wrong: a message was changed on the way");
}

// [MS-NLMP] 3.2.5.1.2; sixteen zeros mean that the client's application gave no binding (3.1.5.1.2).
Result<void> NtlmAcceptor::check_binding(const NtlmAuthenticate& claim) {
    if (options_.hardening == auth::CbtHardening::none || options_.binding.empty()) return {};
    const std::string_view sent = claim.target_info.channel_binding;
    if (sent.find_first_not_of('\0') == std::string_view::npos) {
        if (options_.hardening != auth::CbtHardening::strict) return {};
        return Error(ErrorId::auth_rejected,
                     "ntlm: CbtHardeningLevel is Strict and the client sent no channel binding");
    }
    if (sent == binding_hash(options_.binding.application_data)) return {};
    return Error(ErrorId::auth_rejected, "ntlm: the channel binding is of another TLS connection");
}

}  // namespace

std::unique_ptr<auth::Acceptor> make_acceptor(auth::AccountLookup& accounts, const AcceptorOptions& options) {
    return std::make_unique<NtlmAcceptor>(accounts, options);
}

}  // namespace mullion::ntlm
