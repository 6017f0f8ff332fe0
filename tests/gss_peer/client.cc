#include <optional>
#include <utility>

#include "crypto/hash.h"
#include "encoding/hex.h"
#include "gss_peer/binding.h"
#include "gss_peer/gss_peer.h"
#include "gss_peer/handles.h"
#include "gss_peer/mechanisms.h"
#include "gss_peer/sealing.h"
#include "gss_peer/status.h"

namespace mullion::gss_peer {
namespace {

constexpr OM_uint32 kWanted =
    GSS_C_MUTUAL_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG;

class Client final : public auth::Initiator {
public:
    Client(auth::Transport transport, Name target, CredentialHandle credential, auth::ChannelBinding binding)
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
    auth::Transport transport_;
    gss_OID mechanism_;
    Name target_;
    CredentialHandle credential_;
    auth::ChannelBinding binding_;
    Context context_;
    std::optional<GssSealing> sealing_;
};

Result<auth::Step> Client::step(std::string_view token) {
    const bool first = context_.get() == nullptr;
    Bindings bindings(binding_);
    gss_buffer_desc input = lend(token);
    OutBuffer output;
    OM_uint32 minor = 0;
    OM_uint32 flags = 0;
    const OM_uint32 major = gss_init_sec_context(
        &minor, credential_.get(), context_.out(), target_.get(), mechanism_, kWanted, GSS_C_INDEFINITE,
        bindings.get(), token.empty() ? GSS_C_NO_BUFFER : &input, nullptr, output.out(), &flags, nullptr);
    if (GSS_ERROR(major)) {
        return Error(ErrorId::auth_protocol, "library: " + status_text(major, minor, mechanism_));
    }
    if (first && transport_ == auth::Transport::ntlm) {
        // Says that we can handle a MIC; without it the AUTHENTICATE message has none. SPNEGO asks by itself.
        gss_buffer_set_t answer = GSS_C_NO_BUFFER_SET;
        OM_uint32 ignored = 0;
        (void)gss_inquire_sec_context_by_oid(&ignored, context_.get(), require_mic_option(), &answer);
        (void)gss_release_buffer_set(&ignored, &answer);
    }
    auth::Step result{std::string(output.view()), major == GSS_S_COMPLETE};
    const OM_uint32 needed = GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG;
    if (result.complete && (flags & needed) == needed) sealing_.emplace(context_, ntlm_mechanism());
    return result;
}

Error library_error(const char* what, OM_uint32 major, OM_uint32 minor) {
    return Error(ErrorId::auth_credentials,
                 std::string(what) + ": " + status_text(major, minor, ntlm_mechanism()));
}

}  // namespace

Result<std::unique_ptr<auth::Initiator>> make_client(const auth::Credential& credential,
                                                     const ClientOptions& options) {
    std::string_view user = credential.user;
    if (user.substr(0, 2) == ".\\") user.remove_prefix(2);
    gss_buffer_desc user_text = lend(user);
    const std::string service = "HTTP@" + options.host;
    gss_buffer_desc service_text = lend(service);

    OM_uint32 minor = 0;
    Name name;
    OM_uint32 major = gss_import_name(&minor, &user_text, GSS_C_NT_USER_NAME, name.out());
    if (major != GSS_S_COMPLETE) return library_error("the user's name", major, minor);
    Name target;
    major = gss_import_name(&minor, &service_text, GSS_C_NT_HOSTBASED_SERVICE, target.out());
    if (major != GSS_S_COMPLETE) return library_error("the service's name", major, minor);

    // The hash instead of the password, of which gss-ntlmssp 1.2.0 leaks 8 KB each time.
    MULLION_ASSIGN(const Secret hash, crypto::nt_hash(credential.password));
    const std::string hex = encoding::to_hex(hash.expose());
    gss_key_value_element_desc element{GSS_NTLMSSP_CS_NTHASH, hex.c_str()};
    gss_key_value_set_desc store{1, &element};
    const bool raw = options.transport == auth::Transport::ntlm;
    MechanismSet wanted(raw ? ntlm_mechanism() : spnego_mechanism());
    CredentialHandle handle;
    major = gss_acquire_cred_from(&minor, name.get(), GSS_C_INDEFINITE, wanted.get(), GSS_C_INITIATE, &store,
                                  handle.out(), nullptr, nullptr);
    if (major != GSS_S_COMPLETE) return library_error("the credential", major, minor);
    if (!raw) {
        MechanismSet ntlm_only(ntlm_mechanism());
        major = gss_set_neg_mechs(&minor, handle.get(), ntlm_only.get());
        if (major != GSS_S_COMPLETE) return library_error("restrict the negotiation to NTLM", major, minor);
    }
    return std::unique_ptr<auth::Initiator>(
        std::make_unique<Client>(options.transport, std::move(target), std::move(handle), options.binding));
}

}  // namespace mullion::gss_peer
