#include "ntlm/initiator.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>
#include <string_view>
#include <utility>

#include "crypto/hash.h"
#include "encoding/utf16.h"
#include "ntlm/guard.h"
#include "ntlm/keys.h"
#include "ntlm/messages.h"
#include "ntlm/messages_write.h"
#include "ntlm/sealing.h"

namespace mullion::ntlm {
namespace {

constexpr std::size_t kMaxToken = 48 * 1024;
constexpr std::size_t kMaxNameBytes = 512;  // 256 UTF-16 units: what a Windows host takes.

// What a client of Windows asks for, and sealing.
constexpr std::uint32_t kWanted = kNtlmUnicode | kNtlmRequestTarget | kNtlmSign | kNtlmSeal | kNtlmNtlm |
                                  kNtlmAlwaysSign | kNtlmExtendedSessionSecurity | kNtlmTargetInfo |
                                  kNtlmVersion | kNtlm128 | kNtlmKeyExchange | kNtlm56;

struct Account {
    std::string user;
    std::string domain;
    Secret nt_hash;
};

template <std::size_t size>
std::array<char, size> random_bytes(Random& random) {
    std::array<std::uint8_t, size> bytes;
    random.fill(bytes);
    std::array<char, size> out;
    std::copy(bytes.begin(), bytes.end(), out.begin());
    wipe_memory(bytes.data(), bytes.size());
    return out;
}

struct SessionKey {
    Secret key;
    std::string exchanged;  // As the AUTHENTICATE message carries it.
};

// A fresh one where keys are exchanged.
SessionKey choose_session_key(const Secret& base, std::uint32_t flags, Random& random) {
    if ((flags & kNtlmKeyExchange) == 0) return {base.clone(), {}};
    auto fresh = random_bytes<16>(random);
    const std::string_view key(fresh.data(), fresh.size());
    SessionKey chosen{Secret(key), exchange_key(base, key)};
    wipe_memory(fresh.data(), fresh.size());
    return chosen;
}

class Initiator final : public auth::Initiator {
public:
    Initiator(Account account, InitiatorOptions options)
        : account_(std::move(account)), options_(std::move(options)) {}

    std::string_view http_scheme() const override { return "Negotiate"; }
    std::string_view name() const override { return "ntlm"; }
    bool may_block() const override { return false; }
    bool every_request() const override { return false; }
    Result<auth::Step> step(std::string_view token) override;
    auth::Sealing* sealing() override { return sealing_ ? &*sealing_ : nullptr; }
    auth::Integrity* integrity() override { return sealing_ ? &*sealing_ : nullptr; }
    std::string_view multipart_protocol() const override {
        return "application/HTTP-SPNEGO-session-encrypted";
    }

private:
    enum class State { start, waiting, complete, failed };

    Result<NtlmChallenge> check(std::string_view message);
    std::string target_pairs(const NtlmChallenge& challenge) const;
    std::string answer(std::string_view message, const NtlmChallenge& challenge);
    Error fail(ErrorId id, std::string what) {
        state_ = State::failed;
        return Error(id, "ntlm: " + std::move(what));
    }

    Account account_;
    InitiatorOptions options_;
    std::string negotiate_;  // The MIC goes over all three messages.
    std::optional<Sealing> sealing_;
    State state_ = State::start;
};

Result<auth::Step> Initiator::step(std::string_view token) {
    switch (state_) {
        case State::start:
            assert(token.empty());
            negotiate_ = write_negotiate(kWanted);
            state_ = State::waiting;
            return auth::Step{negotiate_, false};
        case State::waiting: {
            MULLION_ASSIGN(const NtlmChallenge challenge, check(token));
            state_ = State::complete;
            return auth::Step{answer(token, challenge), true};
        }
        case State::complete:
        case State::failed:
            break;
    }
    return fail(ErrorId::auth_protocol, "the handshake is over, but the host goes on");
}

Result<NtlmChallenge> Initiator::check(std::string_view message) {
    if (message.empty() || message.size() > kMaxToken) {
        return fail(ErrorId::auth_protocol,
                    "the host's token has " + std::to_string(message.size()) + " bytes");
    }
    auto challenge = parse_ntlm_challenge(message);
    if (!challenge) return fail(ErrorId::auth_protocol, "the host's token is not an NTLM challenge");
    if ((challenge->flags & kNtlmUnicode) == 0) {
        return fail(ErrorId::auth_protocol, "the host's challenge does not take Unicode");
    }
    // [MS-NLMP] 3.1.5.1.2 wants target information from whom we seal with. Where there is none we could send
    // neither a MIC nor a channel binding: who is in between would take it out for that.
    if (!challenge->has_target_info) {
        return fail(ErrorId::auth_protocol, "the host's challenge has no target information");
    }
    // Every WinRM service seals; one that does not was changed on the way, so that we leave the MIC out.
    if (!seals_well(challenge->flags)) {
        return fail(ErrorId::auth_protocol, "the host's challenge has no sealing with 128 bits");
    }
    return std::move(*challenge);
}

// The host's pairs and ours, 3.1.5.1.2. What is ours to say is not taken from the host.
std::string Initiator::target_pairs(const NtlmChallenge& challenge) const {
    std::string pairs;
    pairs.reserve(challenge.target_info_pairs.size() + 2 * options_.host.size() + 64);
    AvPairReader reader(challenge.target_info_pairs);
    while (const auto pair = reader.next()) {
        const bool ours =
            pair->id == AvId::flags || pair->id == AvId::target_name || pair->id == AvId::channel_bindings;
        if (!ours) append_pair(pairs, pair->id, pair->value);
    }
    append_pair(pairs, AvId::flags, le32(challenge.target_info.flags | kAvFlagMic));
    if (!options_.binding.empty()) {
        append_pair(pairs, AvId::channel_bindings, binding_hash(options_.binding.application_data));
    }
    append_pair(pairs, AvId::target_name, utf16("HTTP/" + options_.host));
    append_pair(pairs, AvId::end, {});
    return pairs;
}

// The AUTHENTICATE message, and with it the keys of the connection.
std::string Initiator::answer(std::string_view message, const NtlmChallenge& challenge) {
    const auto nonce = random_bytes<8>(options_.random);
    const std::string_view client_challenge(nonce.data(), nonce.size());
    const auto& told = challenge.target_info.timestamp;
    const std::uint64_t timestamp = told ? *told : file_time(options_.clock.wall());
    const Secret key = response_key(account_.nt_hash, account_.user, account_.domain);
    const std::string blob = client_blob(timestamp, client_challenge, target_pairs(challenge));
    const std::string proof_text = proof(key, challenge.server_challenge, blob);
    // No LMv2 response for a host that is new enough to tell the time.
    std::string lm_response(24, '\0');
    if (!told) {
        lm_response = proof(key, challenge.server_challenge, client_challenge);
        lm_response += client_challenge;
    }
    const SessionKey session =
        choose_session_key(session_base_key(key, proof_text), challenge.flags, options_.random);
    const std::string nt_response = proof_text + blob;

    AuthenticateFields fields;
    fields.flags = (challenge.flags & kWanted) | kNtlmTargetInfo;
    fields.user = account_.user;
    fields.domain = account_.domain;
    fields.workstation = options_.workstation;
    fields.lm_response = lm_response;
    fields.nt_response = nt_response;
    fields.session_key = session.exchanged;
    std::string authenticate = write_authenticate(fields);
    authenticate.replace(kMicAt, 16, message_integrity(session.key, negotiate_, message, authenticate));

    sealing_.emplace(session.key, fields.flags, End::client);
    account_.nt_hash = Secret();
    return authenticate;
}

Error refuse(std::string what) {
    return Error(ErrorId::auth_credentials, "ntlm: " + std::move(what));
}

Result<void> check_credential(const auth::Credential& credential) {
    const std::string_view password = credential.password.expose();
    if (credential.user.empty()) return refuse("the user is empty");
    if (password.empty()) return refuse("the password is empty");
    if (!encoding::is_utf8(credential.user) || !encoding::is_utf8(password)) {
        return refuse("user or password is not UTF-8");
    }
    if (password.find('\0') != std::string_view::npos) {  // No Windows password has one: a cut-off file, say.
        return refuse("the password has a NUL byte");
    }
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    if (std::any_of(credential.user.begin(), credential.user.end(), control)) {
        return refuse("the user has a control character");
    }
    return {};
}

Result<Account> account_of(const auth::Credential& credential) {
    Account account;
    std::string_view user = credential.user;
    if (const auto backslash = user.find('\\'); backslash != std::string_view::npos) {
        const std::string_view domain = user.substr(0, backslash);
        // ".\user" is Windows' way to say "an account of that machine"; on the wire that is no domain.
        if (domain != ".") account.domain = domain;
        user.remove_prefix(backslash + 1);
    }
    account.user = user;
    if (user.empty() || user.front() == '@') {
        return refuse("there is no user in \"" + credential.user + "\"");
    }
    if (utf16(user).size() > kMaxNameBytes || utf16(account.domain).size() > kMaxNameBytes) {
        return refuse("user or domain is longer than 256 characters");
    }
    MULLION_ASSIGN(account.nt_hash, crypto::nt_hash(credential.password));
    return account;
}

}  // namespace

Result<std::unique_ptr<auth::Initiator>> make_initiator(const auth::Credential& credential,
                                                        const InitiatorOptions& options) {
    MULLION_TRY(check_credential(credential));
    MULLION_ASSIGN(Account account, account_of(credential));
    InitiatorOptions kept = options;
    kept.host = encoding::to_valid_utf8(options.host);
    return std::unique_ptr<auth::Initiator>(std::make_unique<Initiator>(std::move(account), std::move(kept)));
}

}  // namespace mullion::ntlm
