#include "kerberos/acquisition.h"

#include <fmt/core.h>

#include <cassert>
#include <cerrno>

#include "kerberos/client_name.h"
#include "kerberos/kdc_errors.h"
#include "kerberos/steps.h"

namespace mullion::kerberos {
namespace {

using Options = Owned<krb5_get_init_creds_opt*, &Library::krb5_get_init_creds_opt_free>;

// Nobody was asked yet: the file is not there, is none, or has no key of this user.
Error useless_keytab(const Context& context, const std::string& asking, krb5_error_code code) {
    Error error = context.error(ErrorId::kerberos_keytab, asking, code);
    switch (code) {
        case ENOENT:
            error.advice.emplace_back("The path is one of this machine: look whether the file is there.");
            break;
        case EACCES:
            error.advice.emplace_back("This account may not read it: chown USER FILE; chmod 400 FILE.");
            break;
        case KRB5_KT_NOTFOUND:
            error.advice.emplace_back(
                "It has keys of other principals only: klist -k FILE shows whose. Correct the user or the "
                "realm, "
                "or give the keytab that is this user's.");
            break;
        default:
            error.advice.emplace_back("It is no keytab, or a damaged one: make it anew (ktutil, ktpass).");
    }
    return error;
}

// The library itself opens it when the KDC has asked for proof, and then says that proving failed.
krb5_error_code look_into(const Context& context, krb5_keytab keytab) {
    krb5_kt_cursor cursor = nullptr;
    const auto code = context->krb5_kt_start_seq_get(context.get(), keytab, &cursor);
    return code != 0 ? code : context->krb5_kt_end_seq_get(context.get(), keytab, &cursor);
}

// A ticket-granting ticket: RFC 4120 3.1.
class Initial final : public Acquisition {
public:
    explicit Initial(Context made)
        : state_(std::make_unique<TicketCache::State>(std::move(made))),
          options_(context().get()),
          keytab_(context().get()) {}
    ~Initial() override { drop(); }
    Initial(const Initial&) = delete;
    Initial& operator=(const Initial&) = delete;

    [[nodiscard]] Result<void> begin(const Configuration& configuration, const std::string& client);
    [[nodiscard]] Result<void> give_password(const Secret& password);
    [[nodiscard]] Result<void> give_keytab(const std::string& file);
    [[nodiscard]] Result<std::optional<KdcRequest>> step(std::string_view answer) override;
    [[nodiscard]] Result<TicketCache> take() override;
    [[nodiscard]] const std::string& principal() const override { return principal_; }

private:
    [[nodiscard]] const Context& context() const { return state_->context; }
    [[nodiscard]] Error refused(krb5_error_code code, std::string_view answer = {}) const {
        auto error = refusal(context(), Exchange::as, asking_, code, answer);
        if (by_keytab_ && is_wrong_key(code))
            error.advice.insert(
                error.advice.begin(),
                "The account's password was changed since the keytab was made, or the keytab is "
                "another realm's: make it anew (ktutil; on a domain controller ktpass). klist "
                "-kte FILE shows the versions of its keys.");
        return error;
    }
    void drop() {
        if (exchange_ != nullptr) context()->krb5_init_creds_free(context().get(), exchange_);
        exchange_ = nullptr;
    }

    std::unique_ptr<TicketCache::State> state_;
    // The exchange refers to both.
    Options options_;
    Keytab keytab_;
    krb5_init_creds_context exchange_ = nullptr;
    std::string asking_, principal_;
    bool by_keytab_ = false;
    StepGuard guard_;
};

Result<void> Initial::begin(const Configuration& configuration, const std::string& client) {
    MULLION_ASSIGN(const auto name, client_principal(context(), configuration, client));
    MULLION_ASSIGN(const auto text, text_of(context(), name.get()));
    asking_ = "a ticket for " + text;
    auto code = context()->krb5_get_init_creds_opt_alloc(context().get(), options_.put());
    if (code == 0) {
        if (configuration.forwardable) context()->krb5_get_init_creds_opt_set_forwardable(options_.get(), 1);
        if (configuration.lifetime.count() > 0)
            context()->krb5_get_init_creds_opt_set_tkt_life(
                options_.get(), static_cast<krb5_deltat>(configuration.lifetime.count()));
        code = context()->krb5_init_creds_init(context().get(), name.get(), nullptr, nullptr, 0,
                                               options_.get(), &exchange_);
    }
    if (code != 0) return refused(code);
    return {};
}

Result<void> Initial::give_password(const Secret& password) {
    asking_ += " by password";
    const auto text = password.expose();
    if (text.find('\0') != std::string_view::npos)
        return Error(ErrorId::kerberos_rejected, asking_ + ": the password has a zero byte");
    const auto code = context()->krb5_init_creds_set_password(context().get(), exchange_, text.data());
    if (code != 0) return refused(code);
    return {};
}

Result<void> Initial::give_keytab(const std::string& file) {
    asking_ += " by keytab " + file;
    const auto name = file.find(':') == std::string::npos ? "FILE:" + file : file;
    auto code = context()->krb5_kt_resolve(context().get(), name.c_str(), keytab_.put());
    if (code == 0) code = look_into(context(), keytab_.get());
    if (code == 0) code = context()->krb5_init_creds_set_keytab(context().get(), exchange_, keytab_.get());
    if (code != 0) return useless_keytab(context(), asking_, code);
    by_keytab_ = true;
    return {};
}

Result<std::optional<KdcRequest>> Initial::step(std::string_view answer) {
    MULLION_TRY(guard_.admit(asking_, answer));
    const auto made = guard_.run(context(), answer, [this](auto* in, auto* out, auto* realm, auto* flags) {
        return context()->krb5_init_creds_step(context().get(), exchange_, in, out, realm, flags);
    });
    if (made.code != 0) return refused(made.code, answer);
    return made.request;
}

Result<TicketCache> Initial::take() {
    assert(exchange_ != nullptr);
    {
        Credentials ticket(context().get());
        auto code = context()->krb5_init_creds_get_creds(context().get(), exchange_, &ticket.value);
        if (code != 0) return refused(code);
        MULLION_TRY(make_cache(*state_, ticket.value.client));
        code = context()->krb5_cc_store_cred(context().get(), state_->cache, &ticket.value);
        if (code != 0) return refused(code);
        MULLION_ASSIGN(principal_, text_of(context(), ticket.value.server));
    }
    drop();
    keytab_ = Keytab(nullptr);
    options_ = Options(nullptr);
    return TicketCache(std::move(state_));
}

Result<std::unique_ptr<Initial>> begin_initial(const Configuration& configuration,
                                               const std::string& client) {
    MULLION_ASSIGN(auto context, Context::make(configuration));
    auto initial = std::make_unique<Initial>(std::move(context));
    MULLION_TRY(initial->begin(configuration, client));
    return initial;
}

}  // namespace

Result<std::unique_ptr<Acquisition>> with_password(const Configuration& configuration,
                                                   const std::string& client, const Secret& password) {
    MULLION_ASSIGN(auto initial, begin_initial(configuration, client));
    MULLION_TRY(initial->give_password(password));
    return std::unique_ptr<Acquisition>(std::move(initial));
}

Result<std::unique_ptr<Acquisition>> with_keytab(const Configuration& configuration,
                                                 const std::string& client, const std::string& keytab) {
    MULLION_ASSIGN(auto initial, begin_initial(configuration, client));
    MULLION_TRY(initial->give_keytab(keytab));
    return std::unique_ptr<Acquisition>(std::move(initial));
}

}  // namespace mullion::kerberos
