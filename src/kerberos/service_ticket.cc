// A ticket for a service: RFC 4120 3.3, with referrals to other realms (RFC 6806).
#include <fmt/core.h>

#include <algorithm>
#include <cassert>

#include "kerberos/kdc_errors.h"
#include "kerberos/steps.h"

namespace mullion::kerberos {
namespace {

class Granted final : public Acquisition {
public:
    explicit Granted(std::unique_ptr<TicketCache::State> state) : state_(std::move(state)) {}
    ~Granted() override { drop(); }
    Granted(const Granted&) = delete;
    Granted& operator=(const Granted&) = delete;

    [[nodiscard]] Result<void> begin(const std::string& service, const std::string& host);
    [[nodiscard]] Result<std::optional<KdcRequest>> step(std::string_view answer) override;
    [[nodiscard]] Result<TicketCache> take() override;
    [[nodiscard]] const std::string& principal() const override { return principal_; }

private:
    [[nodiscard]] const Context& context() const { return state_->context; }
    [[nodiscard]] Error refused(krb5_error_code code, std::string_view answer = {}) const {
        return refusal(context(), Exchange::tgs, asking_, code, answer);
    }
    void drop() {
        if (exchange_ != nullptr) context()->krb5_tkt_creds_free(context().get(), exchange_);
        exchange_ = nullptr;
    }

    std::unique_ptr<TicketCache::State> state_;
    krb5_tkt_creds_context exchange_ = nullptr;
    std::string asking_, principal_;
    StepGuard guard_;
};

// As everybody registers them: small letters, no dot at the end.
std::string name_in_principal(std::string host) {
    if (host.ends_with('.')) host.pop_back();
    std::transform(host.begin(), host.end(), host.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return host;
}

// krb5.conf's domain_realm; nothing: the KDC is to refer.
Result<std::string> realm_of_host(const Context& context, const std::string& host) {
    char** realms = nullptr;
    const auto code = context->krb5_get_host_realm(context.get(), host.c_str(), &realms);
    if (code != 0)
        return context.error(ErrorId::kerberos_unknown_service, "finding the realm of " + host, code);
    std::string realm = realms[0] != nullptr ? realms[0] : "";
    (void)context->krb5_free_host_realm(context.get(), realms);
    return realm;
}

Result<void> Granted::begin(const std::string& service, const std::string& host) {
    const auto name = name_in_principal(host);
    asking_ = fmt::format("a ticket of {} for {}/{}", state_->client, service, name);
    MULLION_ASSIGN(const auto realm, realm_of_host(context(), name));
    Credentials wanted(context().get());
    const auto size = [](const std::string& text) { return static_cast<unsigned>(text.size()); };
    auto code =
        context()->krb5_build_principal_ext(context().get(), &wanted.value.server, size(realm), realm.c_str(),
                                            size(service), service.c_str(), size(name), name.c_str(), 0U);
    if (code == 0) {
        wanted.value.server->type = KRB5_NT_SRV_HST;
        code = context()->krb5_cc_get_principal(context().get(), state_->cache, &wanted.value.client);
    }
    if (code == 0)
        code = context()->krb5_tkt_creds_init(context().get(), state_->cache, &wanted.value, 0, &exchange_);
    if (code != 0) return refused(code);
    return {};
}

Result<std::optional<KdcRequest>> Granted::step(std::string_view answer) {
    MULLION_TRY(guard_.admit(asking_, answer));
    const auto made = guard_.run(context(), answer, [this](auto* in, auto* out, auto* realm, auto* flags) {
        return context()->krb5_tkt_creds_step(context().get(), exchange_, in, out, realm, flags);
    });
    if (made.code != 0) return refused(made.code, answer);
    return made.request;
}

Result<TicketCache> Granted::take() {
    assert(exchange_ != nullptr);
    {
        // The exchange has put it into its cache.
        Credentials ticket(context().get());
        const auto code = context()->krb5_tkt_creds_get_creds(context().get(), exchange_, &ticket.value);
        if (code != 0) return refused(code);
        MULLION_ASSIGN(principal_, text_of(context(), ticket.value.server));
    }
    drop();
    return TicketCache(std::move(state_));
}

}  // namespace

Result<std::unique_ptr<Acquisition>> for_service(const Configuration& configuration,
                                                 const TicketCache& granting, const std::string& service,
                                                 const std::string& host) {
    MULLION_ASSIGN(auto state, copy_of(granting.name(), configuration));
    state->client = granting.client();
    auto granted = std::make_unique<Granted>(std::move(state));
    MULLION_TRY(granted->begin(service, host));
    return std::unique_ptr<Acquisition>(std::move(granted));
}

}  // namespace mullion::kerberos
