#include "kerberos/acceptor.h"

#include <optional>
#include <utility>

#include "kerberos/forwarded.h"
#include "kerberos/gss.h"
#include "kerberos/keytab.h"
#include "kerberos/replay_cache.h"
#include "kerberos/sealing.h"
#include "kerberos/token.h"

namespace mullion::kerberos {

struct ServiceKeys::State {
    State(KeytabContents found, const Clock& clock)
        // What is dated ahead of our clock can come again for twice the skew.
        : contents(std::move(found)), seen(clock, 2 * clock_skew()) {}
    KeytabContents contents;
    ReplayCache seen;
    GssCredential credential;
};

namespace {

class KerberosAcceptor final : public auth::Acceptor {
public:
    KerberosAcceptor(std::shared_ptr<ServiceKeys> keys, Principals& principals,
                     const AcceptorOptions& options)
        : keys_(std::move(keys)), principals_(principals), options_(options) {}

    bool may_block() const override { return state_ == State::start; }
    Result<auth::AcceptStep> step(std::string_view token) override;
    std::string last_word() const override { return last_word_; }
    std::string claimed() const override { return claimed_; }
    std::string_view inside() const override { return "kerberos"; }
    auth::Sealing* sealing() override { return sealing_ && seals_well(flags_) ? &*sealing_ : nullptr; }
    auth::Integrity* integrity() override {
        return sealing_ && (flags_ & GSS_C_INTEG_FLAG) != 0 ? &*sealing_ : nullptr;
    }
    std::string_view multipart_protocol() const override {
        return "application/HTTP-Kerberos-session-encrypted";
    }

private:
    enum class State { start, complete, failed };

    Result<auth::AcceptStep> accept(std::string_view token, AuthenticatorTag tag);
    Result<std::string> take(std::string_view token);
    Result<void> check_binding() const;
    Result<void> check_service() const;
    Result<void> check_replay(AuthenticatorTag tag);
    Result<std::shared_ptr<const auth::Delegated>> take_delegated();
    static Error rejected(std::string why) {
        return Error(ErrorId::auth_rejected, "kerberos: " + std::move(why));
    }

    std::shared_ptr<ServiceKeys> keys_;
    Principals& principals_;
    AcceptorOptions options_;
    State state_ = State::start;
    SecurityContext context_;
    GssName client_;
    GssCredential forwarded_;
    OM_uint32 flags_ = 0;
    std::optional<Sealing> sealing_;
    std::string last_word_;
    std::string claimed_;  // The ticket's client.
};

Result<auth::AcceptStep> KerberosAcceptor::step(std::string_view token) {
    const bool in_order = state_ == State::start;
    state_ = State::failed;  // Until it went well.
    if (!in_order) return Error(ErrorId::auth_protocol, "kerberos: a token out of order");
    const auto outer = token.size() <= max_token ? parse_token(token) : std::nullopt;
    const auto tag =
        outer && outer->kind == TokenKind::request ? parse_authenticator_tag(outer->message) : std::nullopt;
    if (!tag) {
        return Error(ErrorId::auth_protocol,
                     "kerberos: " + std::to_string(token.size()) + " bytes that are no request for a log-on");
    }
    return accept(token, *tag);
}

Result<auth::AcceptStep> KerberosAcceptor::accept(std::string_view token, AuthenticatorTag tag) {
    MULLION_ASSIGN(std::string reply, take(token));
    claimed_ = text_of(client_.get());
    MULLION_TRY(check_service());
    MULLION_TRY(check_binding());
    MULLION_ASSIGN(const auto account, principals_.find(claimed_));
    if (!account) return rejected("no account for " + claimed_);
    MULLION_TRY(check_replay(tag));  // Last: a whole realm may have tickets, and fill what is remembered.
    MULLION_ASSIGN(auto delegated, take_delegated());
    sealing_.emplace(context_);
    state_ = State::complete;
    return auth::AcceptStep{std::move(reply),
                            auth::Identity(account->user, auth::Transport::kerberos, account->administrator,
                                           account->unix_user, std::move(delegated))};
}

// Whoever forwards a ticket counts on it: without it the log-on is refused, and not the second hop, where
// nobody would know why.
Result<std::shared_ptr<const auth::Delegated>> KerberosAcceptor::take_delegated() {
    const auto forwarded = std::move(forwarded_);  // The library's copy goes now.
    if (forwarded.get() == nullptr) return std::shared_ptr<const auth::Delegated>();
    auto ticket = take_forwarded(forwarded, claimed_);
    if (!ticket.ok()) return rejected(ticket.error().detail);
    auto delegated = std::make_shared<auth::Delegated>();
    delegated->ticket = std::move(*ticket);
    return std::shared_ptr<const auth::Delegated>(std::move(delegated));
}

// Opens the ticket; the reply proves that we could.
Result<std::string> KerberosAcceptor::take(std::string_view token) {
    gss_buffer_desc given = input(token);
    const bool compares = options_.hardening != auth::CbtHardening::none;
    Bindings bindings(compares ? options_.binding.application_data : std::string_view());
    Output reply;
    GssStatus status;
    status.major = loaded_library().gss_accept_sec_context(
        &status.minor, context_.put(), keys_->state().credential.get(), &given, bindings.get(), client_.put(),
        nullptr, reply.get(), &flags_, nullptr, forwarded_.put());
    if (status.major == GSS_S_COMPLETE) return std::string(reply.bytes());
    if (GSS_ROUTINE_ERROR(status.major) == GSS_S_BAD_BINDINGS)
        return rejected("the channel binding is of another TLS connection");
    // Only DCE's form has a third message, and nobody uses that over HTTP.
    if (!status.failed()) return rejected("a handshake of three messages");
    last_word_ = reply.bytes();
    if (last_word_.empty())
        last_word_ = error_token(status.code(), keys_->state().contents.principals.front());
    return rejected(status.text());
}

// A keytab may be the whole machine's. Who may have a ticket for its file server has none for this yet.
Result<void> KerberosAcceptor::check_service() const {
    GssStatus status;
    GssName target;
    status.major = loaded_library().gss_inquire_context(&status.minor, context_.get(), nullptr, target.put(),
                                                        nullptr, nullptr, nullptr, nullptr, nullptr);
    const std::string name = text_of(target.get());
    if (status.failed() || !is_our_service(name)) return rejected("the ticket is for " + name);
    return {};
}

// The library lets a client through that sends no binding, and says so by a flag that is absent.
Result<void> KerberosAcceptor::check_binding() const {
    const bool strict = options_.hardening == auth::CbtHardening::strict && !options_.binding.empty();
    if (strict && (flags_ & GSS_C_CHANNEL_BOUND_FLAG) == 0)
        return rejected("CbtHardeningLevel is Strict and the client sent no channel binding");
    return {};
}

Result<void> KerberosAcceptor::check_replay(AuthenticatorTag tag) {
    switch (keys_->state().seen.remember(tag)) {
        case ReplayCache::Seen::never:
            return {};
        case ReplayCache::Seen::before:
            return rejected("this token was used before: a replay");
        case ReplayCache::Seen::full:
            break;
    }
    return rejected("more log-ons than can be told from replays");
}

}  // namespace

ServiceKeys::ServiceKeys(std::unique_ptr<State> state) : state_(std::move(state)) {}
ServiceKeys::~ServiceKeys() = default;

const std::vector<std::string>& ServiceKeys::realms() const {
    return state_->contents.realms;
}

Result<std::shared_ptr<ServiceKeys>> ServiceKeys::open(const std::string& keytab, const Clock& clock) {
    MULLION_ASSIGN(KeytabContents contents, read_keytab(keytab));
    auto state = std::make_unique<State>(std::move(contents), clock);
    gss_OID_set_desc mechanisms{1, kerberos_mechanism()};
    const std::string name = "FILE:" + keytab;
    // The library's own replay cache is a file that all services of a user share.
    gss_key_value_element_desc elements[] = {{"keytab", name.c_str()}, {"rcache", "none:"}};
    const gss_key_value_set_desc store{2, elements};
    GssStatus status;
    status.major = loaded_library().gss_acquire_cred_from(&status.minor, GSS_C_NO_NAME, GSS_C_INDEFINITE,
                                                          &mechanisms, GSS_C_ACCEPT, &store,
                                                          state->credential.put(), nullptr, nullptr);
    if (status.failed()) return Error(ErrorId::kerberos_keytab, keytab + ": " + status.text());
    return std::make_shared<ServiceKeys>(std::move(state));
}

std::unique_ptr<auth::Acceptor> make_acceptor(std::shared_ptr<ServiceKeys> keys, Principals& principals,
                                              const AcceptorOptions& options) {
    return std::make_unique<KerberosAcceptor>(std::move(keys), principals, options);
}

}  // namespace mullion::kerberos
