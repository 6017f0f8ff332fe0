#include "kerberos/initiator.h"

#include <cassert>
#include <optional>
#include <utility>

#include "kerberos/gss.h"
#include "kerberos/sealing.h"
#include "kerberos/token.h"

namespace mullion::kerberos {
namespace {

// Replay and sequence detection are for sealed messages, mutual authentication against who only pretends to
// be the host.
constexpr OM_uint32 wanted_flags =
    GSS_C_MUTUAL_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG;

class KerberosInitiator final : public auth::Initiator {
public:
    KerberosInitiator(ServiceTicket ticket, const InitiatorOptions& options)
        : ticket_(std::move(ticket)), options_(options) {}
    [[nodiscard]] Result<void> prepare();

    std::string_view http_scheme() const override { return "Kerberos"; }
    std::string_view name() const override { return "kerberos"; }
    std::string how() const override { return "kerberos for " + ticket_.principal; }
    bool may_block() const override { return options_.delegate; }
    bool every_request() const override { return false; }
    Result<auth::Step> step(std::string_view token) override;
    auth::Sealing* sealing() override { return sealing_ ? &*sealing_ : nullptr; }
    auth::Integrity* integrity() override { return sealing_ ? &*sealing_ : nullptr; }
    std::string_view multipart_protocol() const override {
        return "application/HTTP-Kerberos-session-encrypted";
    }

private:
    enum class State { start, waiting, complete, failed };

    Result<auth::Step> advance(std::string_view token);
    Result<void> check(OM_uint32 flags) const;
    [[nodiscard]] Error explain(const GssStatus& status, std::string_view token = {}) const;

    ServiceTicket ticket_;
    InitiatorOptions options_;
    GssName target_;
    GssCredential credential_;
    SecurityContext context_;
    std::optional<Sealing> sealing_;
    State state_ = State::start;
};

Result<void> KerberosInitiator::prepare() {
    const auto& api = loaded_library();
    GssStatus status;
    gss_buffer_desc principal = input(ticket_.principal);
    status.major = api.gss_import_name(&status.minor, &principal, principal_name_type(), target_.put());
    if (status.failed()) return explain(status);
    gss_OID_set_desc mechanisms{1, kerberos_mechanism()};
    gss_key_value_element_desc where{"ccache", ticket_.cache.name().c_str()};
    const gss_key_value_set_desc store{1, &where};
    status.major = api.gss_acquire_cred_from(&status.minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &mechanisms,
                                             GSS_C_INITIATE, &store, credential_.put(), nullptr, nullptr);
    if (status.failed()) return explain(status);
    return {};
}

Result<auth::Step> KerberosInitiator::step(std::string_view token) {
    const bool in_order = state_ == (token.empty() ? State::start : State::waiting);
    state_ = State::failed;  // Until it went well.
    if (!in_order) return Error(ErrorId::auth_protocol, "kerberos: a token out of order");
    if (token.size() > max_token) {
        return Error(ErrorId::auth_protocol,
                     "kerberos: a token of " + std::to_string(token.size()) + " bytes");
    }
    return advance(token);
}

Result<auth::Step> KerberosInitiator::advance(std::string_view token) {
    gss_buffer_desc given = input(token);
    Bindings bindings(options_.binding.application_data);
    const OM_uint32 wanted = wanted_flags | (options_.delegate ? GSS_C_DELEG_FLAG : 0U);
    Output next;
    OM_uint32 flags = 0;
    GssStatus status;
    status.major = loaded_library().gss_init_sec_context(
        &status.minor, credential_.get(), context_.put(), target_.get(), kerberos_mechanism(), wanted,
        GSS_C_INDEFINITE, bindings.get(), token.empty() ? nullptr : &given, nullptr, next.get(), &flags,
        nullptr);
    if (status.failed()) return explain(status, token);
    auth::Step step;
    step.token = next.bytes();
    step.complete = (status.major & GSS_S_CONTINUE_NEEDED) == 0;
    if (step.complete) {
        MULLION_TRY(check(flags));
        sealing_.emplace(context_);
    }
    state_ = step.complete ? State::complete : State::waiting;
    return step;
}

Result<void> KerberosInitiator::check(OM_uint32 flags) const {
    if ((flags & GSS_C_MUTUAL_FLAG) == 0 || !seals_well(flags))
        return Error(ErrorId::auth_protocol, "kerberos: the host did not prove who it is");
    if (options_.delegate && (flags & GSS_C_DELEG_FLAG) == 0) {
        return Error(ErrorId::kerberos_not_forwarded, "kerberos: no ticket of " + ticket_.cache.client() +
                                                          " could be handed to " + ticket_.principal);
    }
    return {};
}

// A host that refuses says so with a message of its own (RFC 4120 7.5.9); its code comes back as the
// library's.
Error KerberosInitiator::explain(const GssStatus& status, std::string_view token) const {
    const auto answer = parse_token(token);
    const bool said_by_host = answer && answer->kind == TokenKind::error;
    const auto id = [&] {
        if (!token.empty() && !said_by_host) return ErrorId::auth_protocol;
        switch (status.code()) {
            case KRB5KRB_AP_ERR_SKEW:
            case KRB5KRB_AP_ERR_TKT_NYV:
                return ErrorId::kerberos_clock;
            case KRB5KRB_AP_ERR_TKT_EXPIRED:
                return said_by_host ? ErrorId::kerberos_clock : ErrorId::kerberos_no_ticket;
            default:
                return said_by_host ? ErrorId::kerberos_refused : ErrorId::kerberos_failed;
        }
    }();
    const char* const who = said_by_host ? "the host says: " : "";
    return Error(id, "kerberos: " + ticket_.principal + ": " + who + status.text());
}

}  // namespace

Result<std::unique_ptr<auth::Initiator>> make_initiator(ServiceTicket ticket,
                                                        const InitiatorOptions& options) {
    MULLION_TRY(library());
    auto initiator = std::make_unique<KerberosInitiator>(std::move(ticket), options);
    MULLION_TRY(initiator->prepare());
    return std::unique_ptr<auth::Initiator>(std::move(initiator));
}

}  // namespace mullion::kerberos
