#include <array>
#include <optional>
#include <utility>

#include "auth/account_name.h"
#include "core/ids.h"
#include "gss/acceptor_credential.h"
#include "gss/binding.h"
#include "gss/gss.h"
#include "gss/handles.h"
#include "gss/mechanisms.h"
#include "gss/sealing.h"
#include "gss/status.h"
#include "ntlm/guard.h"
#include "spnego/messages.h"

namespace mullion::gss {
namespace {

using namespace ntlm;
using namespace spnego;

constexpr std::size_t kMaxToken = 48 * 1024;
constexpr int kMaxSteps = 6;

// Who the AUTHENTICATE message says it is, and the account of that name.
struct Claim {
    std::string user;  // As the client spelt it.
    std::optional<auth::AccountRecord> account;
};

class GssAcceptor final : public auth::Acceptor {
public:
    GssAcceptor(auth::AccountLookup& accounts, const AcceptorOptions& options)
        : accounts_(accounts), options_(options) {
        if (options_.hardening == auth::CbtHardening::none) options_.binding = {};
    }

    bool may_block() const override { return true; }
    Result<auth::AcceptStep> step(std::string_view token) override;
    auth::Sealing* sealing() override { return sealing_ ? &*sealing_ : nullptr; }
    std::string_view multipart_protocol() const override {
        return "application/HTTP-SPNEGO-session-encrypted";
    }

private:
    enum class State { start, challenged, authenticating, complete, failed };

    Result<std::string_view> ntlm_inside(std::string_view token);
    Result<void> look_at_token(std::string_view token, AcceptorCredential& credential);
    Result<void> show_claimed_account(std::string_view message, AcceptorCredential& credential);
    Result<void> look_at_challenge(std::string_view token);
    Result<auth::AcceptStep> call_library(std::string_view token, gss_cred_id_t credential);
    Result<auth::Identity> identify(const Name& source, OM_uint32 flags);
    Error fail(ErrorId id, std::string what) {
        state_ = State::failed;
        context_.reset();
        claim_.reset();
        return Error(id, std::move(what));
    }
    Error fail(Error error) { return fail(error.id, std::move(error.detail)); }

    auth::AccountLookup& accounts_;
    AcceptorOptions options_;
    Context context_;
    std::optional<GssSealing> sealing_;
    std::optional<Claim> claim_;
    State state_ = State::start;
    bool spnego_ = false;
    int steps_ = 0;
    Negotiated negotiated_;
};

// The NTLM message in a token; empty when SPNEGO carries none this time (another mechanism's first guess, or
// the checksum of the mechanisms at the end).
Result<std::string_view> GssAcceptor::ntlm_inside(std::string_view token) {
    if (steps_ == 1) spnego_ = !ntlm_type(token).has_value();
    if (!spnego_) {
        if (!ntlm_type(token)) return fail(ErrorId::auth_protocol, "ntlm: not an NTLM message");
        return token;
    }
    std::string_view inner;
    if (steps_ == 1) {
        const auto init = parse_spnego_init(token);
        if (!init) return fail(ErrorId::auth_protocol, "negotiate: neither NTLM nor SPNEGO");
        inner = init->mech_token;
    } else {
        const auto response = parse_spnego_response(token);
        if (!response) return fail(ErrorId::auth_protocol, "negotiate: not a SPNEGO response");
        inner = response->response_token;
    }
    return ntlm_type(inner) ? inner : std::string_view();
}

Result<void> GssAcceptor::look_at_token(std::string_view token, AcceptorCredential& credential) {
    MULLION_ASSIGN(const std::string_view message, ntlm_inside(token));
    const auto type = ntlm_type(message);
    if (!type) return {};
    if (*type == NtlmType::negotiate && state_ == State::start) {
        auto checked = check_negotiate(message);
        if (!checked.ok()) return fail(std::move(checked).error());
        return {};
    }
    if (*type == NtlmType::authenticate && state_ == State::challenged) {
        return show_claimed_account(message, credential);
    }
    return fail(ErrorId::auth_protocol, "ntlm: a message out of order");
}

Result<void> GssAcceptor::show_claimed_account(std::string_view message, AcceptorCredential& credential) {
    auto authenticate = check_authenticate(message, negotiated_);
    if (!authenticate.ok()) return fail(std::move(authenticate).error());
    auto account = auth::find_account(authenticate->user, accounts_);
    if (!account.ok()) return fail(std::move(account).error());

    // An unknown user gets a hash that nobody has a password for: the library then works as long as for a
    // wrong password, and fails alike.
    std::array<std::uint8_t, 16> random{};
    system_random().fill(random);
    const Secret nobody(std::string_view(reinterpret_cast<const char*>(random.data()), random.size()));
    const bool known = account->has_value() && (*account)->nt_hash.expose().size() == random.size();
    auto shown = credential.show_account(authenticate->user, known ? (*account)->nt_hash : nobody);
    if (!shown.ok()) return fail(std::move(shown).error());

    claim_ = Claim{authenticate->user, known ? std::move(*account) : std::nullopt};
    state_ = State::authenticating;
    return {};
}

Result<void> GssAcceptor::look_at_challenge(std::string_view token) {
    if (state_ != State::start) return {};
    std::string_view message = token;
    if (spnego_) {
        const auto response = parse_spnego_response(token);
        message = response ? response->response_token : std::string_view();
    }
    if (message.empty()) return {};  // SPNEGO asks for NTLM first.
    auto checked = check_own_challenge(message);
    if (!checked.ok()) return fail(std::move(checked).error());
    negotiated_ = *checked;
    state_ = State::challenged;
    return {};
}

Result<auth::AcceptStep> GssAcceptor::step(std::string_view token) {
    if (state_ == State::complete || state_ == State::failed) {
        return fail(ErrorId::auth_protocol, "negotiate: the handshake is over");
    }
    if (token.empty() || token.size() > kMaxToken || ++steps_ > kMaxSteps) {
        return fail(ErrorId::auth_protocol,
                    "negotiate: a token of " + std::to_string(token.size()) + " bytes");
    }
    auto lease = CredentialLease::take();
    if (!lease.ok()) return fail(std::move(lease).error());
    MULLION_TRY(look_at_token(token, **lease));
    return call_library(token, (*lease)->get());
}

Result<auth::AcceptStep> GssAcceptor::call_library(std::string_view token, gss_cred_id_t credential) {
    Bindings bindings(options_.binding);
    gss_buffer_desc input = lend(token);
    OutBuffer output;
    Name source;
    OM_uint32 minor = 0;
    OM_uint32 flags = 0;
    const OM_uint32 major =
        library().accept_sec_context(&minor, context_.out(), credential, &input, bindings.get(), source.out(),
                                     nullptr, output.out(), &flags, nullptr, nullptr);
    if (GSS_ERROR(major)) {
        const std::string text = status_text(major, minor, ntlm_mechanism());
        if (!claim_) return fail(ErrorId::auth_protocol, "negotiate: " + text);
        return fail(
            ErrorId::auth_rejected,
            (claim_->account ? "ntlm: wrong password, channel binding or MIC: " : "ntlm: unknown user: ") +
                text);
    }
    auth::AcceptStep result{std::string(output.view()), std::nullopt};
    if (major != GSS_S_COMPLETE) {
        MULLION_TRY(look_at_challenge(result.token));
        return result;
    }
    MULLION_ASSIGN(auth::Identity identity, identify(source, flags));
    result.identity = std::move(identity);
    state_ = State::complete;
    const OM_uint32 needed = GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG;
    if ((flags & needed) == needed && seals_well(negotiated_.flags))
        sealing_.emplace(context_, ntlm_mechanism());
    return result;
}

// The library said yes. It said so about the name it saw, which must be the one that we looked up.
Result<auth::Identity> GssAcceptor::identify(const Name& source, OM_uint32 flags) {
    if (!claim_ || !claim_->account) return fail(ErrorId::auth_rejected, "ntlm: accepted without an account");
    OutBuffer shown;
    OM_uint32 minor = 0;
    const OM_uint32 major = library().display_name(&minor, source.get(), shown.out(), nullptr);
    std::string_view name = shown.view();
    if (name.ends_with('\0')) name.remove_suffix(1);  // The plugin counts it.
    if (const auto backslash = name.find('\\'); backslash != std::string_view::npos)
        name.remove_prefix(backslash + 1);
    if (major != GSS_S_COMPLETE || name != claim_->user) {
        return fail(ErrorId::auth_rejected, "ntlm: the library accepted another name");
    }
    const bool must_be_bound = options_.hardening == auth::CbtHardening::strict && !options_.binding.empty();
    if (must_be_bound && (flags & GSS_C_CHANNEL_BOUND_FLAG) == 0) {
        return fail(ErrorId::auth_rejected,
                    "ntlm: CbtHardeningLevel is Strict and the client sent no channel binding");
    }
    const auth::AccountRecord& account = *claim_->account;
    return auth::Identity(account.user, spnego_ ? auth::Transport::negotiate : auth::Transport::ntlm,
                          account.administrator, account.unix_user);
}

}  // namespace

std::unique_ptr<auth::Acceptor> make_acceptor(auth::AccountLookup& accounts, const AcceptorOptions& options) {
    return std::make_unique<GssAcceptor>(accounts, options);
}

}  // namespace mullion::gss
