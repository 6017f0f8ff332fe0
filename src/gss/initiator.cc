#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

#include "crypto/hash.h"
#include "encoding/hex.h"
#include "encoding/utf16.h"
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
constexpr OM_uint32 kWanted =
    GSS_C_MUTUAL_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG;

class GssInitiator final : public auth::Initiator {
public:
    GssInitiator(auth::Transport transport, Name target, CredentialHandle credential,
                 auth::ChannelBinding binding)
        : transport_(transport),
          mechanism_(transport == auth::Transport::ntlm ? ntlm_mechanism() : spnego_mechanism()),
          target_(std::move(target)),
          credential_(std::move(credential)),
          binding_(std::move(binding)) {}

    std::string_view http_scheme() const override { return "Negotiate"; }
    std::string_view name() const override { return auth::to_string(transport_); }
    bool may_block() const override { return true; }
    bool every_request() const override { return false; }
    Result<auth::Step> step(std::string_view token) override;
    auth::Sealing* sealing() override { return sealing_ ? &*sealing_ : nullptr; }
    std::string_view multipart_protocol() const override {
        return "application/HTTP-SPNEGO-session-encrypted";
    }

private:
    enum class State { start, waiting, complete, failed };

    Result<void> look_at_answer(std::string_view token);
    Result<auth::Step> call_library(std::string_view token);
    Error fail(ErrorId id, std::string what) {
        state_ = State::failed;
        return Error(id, std::string(name()) + ": " + std::move(what));
    }

    auth::Transport transport_;
    gss_OID mechanism_;
    Name target_;
    CredentialHandle credential_;
    auth::ChannelBinding binding_;
    Context context_;
    std::optional<GssSealing> sealing_;
    State state_ = State::start;
    int steps_ = 0;
    std::uint32_t challenge_flags_ = 0;
};

// Bounds what the host sent before the library reads it, and learns what was negotiated.
Result<void> GssInitiator::look_at_answer(std::string_view token) {
    if (token.empty() || token.size() > kMaxToken) {
        return fail(ErrorId::auth_protocol,
                    "the host's token has " + std::to_string(token.size()) + " bytes");
    }
    std::string_view inner = token;
    if (transport_ != auth::Transport::ntlm) {
        const auto response = parse_spnego_response(token);
        if (!response) return fail(ErrorId::auth_protocol, "the host's token is not SPNEGO");
        if (response->state == SpnegoState::reject) {
            return fail(ErrorId::auth_rejected, "the host rejected the negotiation");
        }
        inner = response->response_token;
        if (inner.empty()) return {};
    }
    const auto challenge = parse_ntlm_challenge(inner);
    if (!challenge) return fail(ErrorId::auth_protocol, "the host's token is not an NTLM challenge");
    // [MS-NLMP] 3.1.5.1.2 wants target information from whom we seal with. Where there is none we could send
    // neither a MIC nor a channel binding: who is in between would take it out for that.
    if (!challenge->has_target_info) {
        return fail(ErrorId::auth_protocol, "the host's challenge has no target information");
    }
    // Every WinRM service seals; one that does not was changed on the way, so that we leave the MIC out.
    if (!seals_well(challenge->flags)) {
        return fail(ErrorId::auth_protocol, "the host's challenge has no sealing with 128 bits");
    }
    challenge_flags_ = challenge->flags;
    return {};
}

Result<auth::Step> GssInitiator::step(std::string_view token) {
    assert(state_ == State::start || state_ == State::waiting);
    if (state_ != State::start && state_ != State::waiting) {
        return fail(ErrorId::auth_protocol, "the handshake is over, but the host goes on");
    }
    if (++steps_ > kMaxSteps) return fail(ErrorId::auth_protocol, "the handshake does not end");
    if (state_ == State::start) {
        assert(token.empty());
        token = {};
    } else {
        MULLION_TRY(look_at_answer(token));
    }
    return call_library(token);
}

Result<auth::Step> GssInitiator::call_library(std::string_view token) {
    Bindings bindings(binding_);
    gss_buffer_desc input = lend(token);
    OutBuffer output;
    OM_uint32 minor = 0;
    OM_uint32 flags = 0;
    const bool first = state_ == State::start;
    const OM_uint32 major = library().init_sec_context(
        &minor, credential_.get(), context_.out(), target_.get(), mechanism_, kWanted, GSS_C_INDEFINITE,
        bindings.get(), token.empty() ? GSS_C_NO_BUFFER : &input, nullptr, output.out(), &flags, nullptr);
    if (GSS_ERROR(major)) {
        std::string text = status_text(major, minor, mechanism_);
        context_.reset();
        return fail(ErrorId::auth_gss, (first ? "begin: " : "answer the host's token: ") + text);
    }
    if (first && transport_ == auth::Transport::ntlm) {
        // Says that we can handle a MIC; without it the AUTHENTICATE message has none. SPNEGO asks by itself.
        gss_buffer_set_t answer = GSS_C_NO_BUFFER_SET;
        OM_uint32 ignored = 0;
        (void)library().inquire_sec_context_by_oid(&ignored, context_.get(), require_mic_option(), &answer);
        (void)library().release_buffer_set(&ignored, &answer);
    }
    auth::Step result{std::string(output.view()), major == GSS_S_COMPLETE};
    state_ = result.complete ? State::complete : State::waiting;
    const OM_uint32 needed = GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG;
    if (result.complete && (flags & needed) == needed && seals_well(challenge_flags_)) {
        sealing_.emplace(context_, ntlm_mechanism());
    }
    return result;
}

Error library_error(const char* what, OM_uint32 major, OM_uint32 minor) {
    return Error(ErrorId::auth_gss, std::string(what) + ": " + status_text(major, minor, ntlm_mechanism()));
}

// What the library could not carry, or would carry wrongly without a word.
Result<void> check_credential(const auth::Credential& credential) {
    const std::string_view password = credential.password.expose();
    if (credential.user.empty()) return Error(ErrorId::auth_credentials, "ntlm: the user is empty");
    if (password.empty()) return Error(ErrorId::auth_credentials, "ntlm: the password is empty");
    if (!encoding::is_utf8(credential.user) || !encoding::is_utf8(password)) {
        return Error(ErrorId::auth_credentials, "ntlm: user or password is not UTF-8");
    }
    if (password.find('\0') != std::string_view::npos) {  // No Windows password has one: a cut-off file, say.
        return Error(ErrorId::auth_credentials, "ntlm: the password has a NUL byte");
    }
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    if (std::any_of(credential.user.begin(), credential.user.end(), control)) {
        return Error(ErrorId::auth_credentials, "ntlm: the user has a control character");
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<auth::Initiator>> make_initiator(const auth::Credential& credential,
                                                        const InitiatorOptions& options) {
    assert(options.transport == auth::Transport::ntlm || options.transport == auth::Transport::negotiate);
    MULLION_TRY(check_credential(credential));
    MULLION_TRY(load_library());

    // ".\user" is Windows' way to say "an account of that machine"; on the wire that is no domain.
    std::string_view user = credential.user;
    if (user.substr(0, 2) == ".\\") user.remove_prefix(2);
    gss_buffer_desc user_text = lend(user);
    const std::string service = "HTTP@" + options.host;
    gss_buffer_desc service_text = lend(service);

    OM_uint32 minor = 0;
    Name name;
    OM_uint32 major = library().import_name(&minor, &user_text, library().user_name, name.out());
    if (major != GSS_S_COMPLETE) return library_error("the user's name", major, minor);
    Name target;
    major = library().import_name(&minor, &service_text, library().hostbased_service, target.out());
    if (major != GSS_S_COMPLETE) return library_error("the service's name", major, minor);

    // The hash instead of the password: gss-ntlmssp 1.2.0 makes it in an OpenSSL context of its own each
    // time, which takes 0.35 ms and leaks 8 KB, and it reads a password only to the first NUL.
    MULLION_ASSIGN(const Secret hash, crypto::nt_hash(credential.password));
    std::string hex = encoding::to_hex(hash.expose());
    gss_key_value_element_desc element{GSS_NTLMSSP_CS_NTHASH, hex.c_str()};
    gss_key_value_set_desc store{1, &element};
    const bool raw = options.transport == auth::Transport::ntlm;
    MechanismSet wanted(raw ? ntlm_mechanism() : spnego_mechanism());
    CredentialHandle handle;
    major = library().acquire_cred_from(&minor, name.get(), GSS_C_INDEFINITE, wanted.get(), GSS_C_INITIATE,
                                        &store, handle.out(), nullptr, nullptr);
    wipe_memory(hex.data(), hex.size());
    // Without a credential the library would look for one in the environment, and speak as somebody else.
    if (major != GSS_S_COMPLETE) return library_error("the credential", major, minor);
    if (!raw) {
        // Without this SPNEGO would ask Kerberos first, and a KDC through the network.
        MechanismSet ntlm_only(ntlm_mechanism());
        major = library().set_neg_mechs(&minor, handle.get(), ntlm_only.get());
        if (major != GSS_S_COMPLETE) return library_error("restrict the negotiation to NTLM", major, minor);
    }
    return std::unique_ptr<auth::Initiator>(std::make_unique<GssInitiator>(
        options.transport, std::move(target), std::move(handle), options.binding));
}

}  // namespace mullion::gss
