#include "client/channel_link.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

#include "auth/basic.h"
#include "auth/policy.h"
#include "client/kerberos_logon.h"
#include "credssp/credssp.h"
#include "kerberos/initiator.h"
#include "net/tls.h"
#include "ntlm/computer_name.h"
#include "ntlm/initiator.h"
#include "spnego/spnego.h"
#include "target/proxy.h"

namespace mullion::client {
namespace {

using Engine = Result<std::unique_ptr<auth::Initiator>>;

// Who logs on, and where: shared by both connections, which log on at times of their own.
class Applicant {
public:
    Applicant(tickets::Office& office, const target::Target& target, auth::Credential credential)
        : host_(target.host), credssp_(target.credssp), credential_(std::move(credential)) {
        if (may_use_kerberos(target, credential_)) kerberos_.emplace(office, target, credential_);
    }

    // May have to be asked again after kerberos.refused, on a connection of its own.
    [[nodiscard]] bool has_kerberos() const { return kerberos_.has_value(); }
    // Whether another log-on could go better than the one that the host refused.
    [[nodiscard]] bool try_otherwise(const Error& refused);

    [[nodiscard]] net::Task<Engine> make(channel::LogonPlan plan);

private:
    [[nodiscard]] net::Task<Engine> make_kerberos(channel::LogonPlan plan);
    [[nodiscard]] net::Task<Engine> make_negotiate(channel::LogonPlan plan);
    [[nodiscard]] Engine make_ntlm(const channel::LogonPlan& plan) const;
    [[nodiscard]] Engine make_credssp(channel::LogonPlan plan) const;
    // NTLM takes no ticket, and hands none on.
    [[nodiscard]] bool ntlm_would_do() const {
        return !credential_.password.empty() && !(kerberos_ && kerberos_->delegates());
    }

    std::string host_;
    target::CredsspOptions credssp_;
    auth::Credential credential_;
    std::optional<KerberosLogon> kerberos_;
    std::optional<Error> given_up_;  // Why Kerberos is no longer tried inside Negotiate.
    bool negotiates_ = false;        // The last engine was Negotiate's.
};

class ChannelLink final : public Link {
public:
    ChannelLink(net::Executor executor, net::WorkerPool& pool, channel::ClientSettings settings,
                std::shared_ptr<Applicant> applicant)
        : applicant_(std::move(applicant)),
          connection_(std::move(executor), pool, std::move(settings),
                      [applicant = applicant_](channel::LogonPlan plan) {
                          return applicant->make(std::move(plan));
                      }) {}

    net::Task<Result<channel::Answer>> exchange(std::string body, MonotonicTime deadline,
                                                channel::Repeat repeat) override {
        if (!applicant_->has_kerberos()) return connection_.exchange(std::move(body), deadline, repeat);
        return exchange_with_tickets(std::move(body), deadline, repeat);
    }
    bool repeated() const override { return connection_.repeated(); }
    bool sent() const override { return connection_.sent(); }
    bool connected() const override { return connection_.connected(); }
    unsigned round_trips() const override { return connection_.round_trips(); }
    bool sealed() const override { return connection_.sealed(); }
    void close() override { connection_.close(); }
    std::string how() const override { return connection_.how(); }
    std::string transport() const override {
        const auto transport = connection_.transport();
        return transport ? std::string(auth::to_string(*transport)) : std::string();
    }

private:
    // A host that refuses the ticket has closed the connection, or we have.
    net::Task<Result<channel::Answer>> exchange_with_tickets(std::string body, MonotonicTime deadline,
                                                             channel::Repeat repeat) {
        while (true) {
            std::string copy = body;
            auto asking = connection_.exchange(std::move(copy), deadline, repeat);
            auto answer = co_await std::move(asking);
            const bool again =
                !answer.ok() && !connection_.sent() && applicant_->try_otherwise(answer.error());
            if (!again) co_return answer;
        }
    }

    std::shared_ptr<Applicant> applicant_;
    channel::ClientConnection connection_;
};

Result<std::vector<auth::Transport>> read_transports(const target::Target& target) {
    std::vector<auth::Transport> transports;
    for (const auto& name : target.transports) {
        const auto transport = auth::parse_transport(name);
        using enum auth::Transport;
        const bool here =
            transport && (*transport == basic || *transport == ntlm || *transport == negotiate ||
                          *transport == kerberos || *transport == credssp);
        if (!here)
            return Error(ErrorId::usage_unsupported,
                         fmt::format("the transport {} is not in this version", name));
        transports.push_back(*transport);
    }
    return transports;
}

// What would be readable on the way is refused before anything is sent.
Result<void> keep_secret(const target::Target& target, std::vector<auth::Transport>& transports) {
    if (target.scheme == target::Scheme::https || target.allow_unencrypted) return {};
    if (target.message_encryption == target::MessageEncryption::never)
        return Error(ErrorId::auth_plaintext, "--message-encryption never over http://");
    transports.erase(std::remove(transports.begin(), transports.end(), auth::Transport::basic),
                     transports.end());
    if (transports.empty()) {
        Error error(ErrorId::auth_plaintext, "basic over http://");
        error.tried = "nothing: no request was sent";
        return error;
    }
    return {};
}

// With a ticket of the operator's or a keytab there may be neither user nor password.
Result<void> check_credssp(const target::Target& target, const std::vector<auth::Transport>& transports) {
    if (std::find(transports.begin(), transports.end(), auth::Transport::credssp) == transports.end())
        return {};
    if (transports.size() > 1)
        return Error(
            ErrorId::usage_invalid,
            "credssp hands the password over, so it is not tried in place of another transport: give "
            "it alone");
    if (target.credssp.mechanism == target::CredsspMechanism::kerberos)
        return Error(ErrorId::usage_unsupported, "credssp with kerberos is not in this version");
    return {};
}

Result<void> check_credential(const target::Target& target, const auth::Credential& credential,
                              std::vector<auth::Transport>& transports) {
    using enum auth::Transport;
    const auto drop = [&](auto unfit) {
        transports.erase(std::remove_if(transports.begin(), transports.end(), unfit), transports.end());
    };
    const bool tickets = may_use_kerberos(target, credential);
    const bool only_kerberos =
        std::all_of(transports.begin(), transports.end(), [](auto t) { return t == kerberos; });
    if (!tickets && only_kerberos) {
        Error error(ErrorId::auth_local_account, fmt::format("kerberos as {}", credential.user));
        error.tried = "nothing: no request was sent";
        return error;
    }
    if (!tickets) drop([](auto t) { return t == kerberos; });
    const bool could = std::any_of(transports.begin(), transports.end(),
                                   [](auto t) { return t == kerberos || t == negotiate; });
    const bool need_nothing = could && brings_tickets(target);
    // A cache says whose it is; a keytab may hold several.
    if (credential.user.empty() && !(need_nothing && target.kerberos.keytab.empty()))
        return Error(ErrorId::auth_credentials, "there is no user name");
    if (!credential.password.empty()) return {};
    if (!need_nothing) return Error(ErrorId::auth_credentials, "the password is empty");
    drop([](auto t) { return t != kerberos && t != negotiate; });
    return {};
}

Result<std::shared_ptr<const net::TlsClient>> make_tls(TlsClients& clients, const target::Target& target) {
    if (target.scheme != target::Scheme::https) return std::shared_ptr<const net::TlsClient>();
    net::TlsVerification verification;
    verification.check_chain = target.cert_validation.chain;
    verification.check_name = target.cert_validation.name;
    verification.check_revocation = target.cert_validation.revocation;
    verification.ca_file = target.ca_file;
    verification.crl_file = target.crl_file;
    verification.pin = target.cert_pin;
    return clients.get(verification);
}

channel::Encryption encryption_of(target::MessageEncryption encryption) {
    switch (encryption) {
        case target::MessageEncryption::always:
            return channel::Encryption::always;
        case target::MessageEncryption::never:
            return channel::Encryption::never;
        case target::MessageEncryption::automatic:
            break;
    }
    return channel::Encryption::automatic;
}

std::string host_field(const target::Target& target) {
    const auto scope = target.host.find('%');  // Says something to this machine only (RFC 6874 4).
    const auto host = target.host.substr(0, scope);
    const bool ipv6 = host.find(':') != std::string::npos;
    return ipv6 ? fmt::format("[{}]:{}", host, target.port) : fmt::format("{}:{}", host, target.port);
}

Engine Applicant::make_ntlm(const channel::LogonPlan& plan) const {
    ntlm::InitiatorOptions options;
    options.host = host_;
    options.workstation = ntlm::own_netbios_name();
    options.binding = plan.binding;
    return ntlm::make_initiator(credential_, options);
}

Engine Applicant::make_credssp(channel::LogonPlan plan) const {
    credssp::InitiatorOptions options;
    MULLION_ASSIGN(options.tls, credssp::client_tls(credssp_.disable_tls12));
    options.minimum_version = credssp_.minimum_version;
    plan.binding = {};  // CredSSP binds to its inner TLS by itself.
    MULLION_ASSIGN(auto ntlm, make_ntlm(plan));
    std::vector<spnego::Offer> offers;
    offers.push_back({spnego::ntlm_oid, std::move(ntlm)});
    options.inner = spnego::make_initiator(std::move(offers));
    return credssp::make_initiator(credential_, std::move(options));
}

net::Task<Engine> Applicant::make_kerberos(channel::LogonPlan plan) {
    auto beginning = kerberos_->begin(plan.binding, plan.deadline);
    auto made = co_await std::move(beginning);
    co_return made;
}

// With a ticket both are offered, and the host chooses. Without one NTLM is alone, and says why.
net::Task<Engine> Applicant::make_negotiate(channel::LogonPlan plan) {
    std::vector<spnego::Offer> offers;
    std::string remark;
    if (kerberos_) {
        Engine ticket = Error(ErrorId::kerberos_failed, "");
        if (given_up_) {
            ticket = *given_up_;
        } else {
            // A KDC that never answers leaves half of the time for NTLM.
            channel::LogonPlan with_ticket = plan;
            const auto now = system_clock().now();
            if (ntlm_would_do()) with_ticket.deadline = now + (plan.deadline - now) / 2;
            auto making = make_kerberos(std::move(with_ticket));
            ticket = co_await std::move(making);
        }
        if (ticket.ok()) {
            offers.push_back({kerberos::oid, std::move(*ticket), kerberos::windows_oid});
        } else {
            if (!auth::is_about_tickets(ticket.error().id) || !ntlm_would_do())
                co_return std::move(ticket).error();
            remark = "kerberos: " + ticket.error().message();
        }
    }
    if (ntlm_would_do()) {
        MULLION_CO_ASSIGN(auto ntlm, make_ntlm(plan));
        offers.push_back({spnego::ntlm_oid, std::move(ntlm)});
    }
    if (offers.empty()) co_return Error(ErrorId::auth_credentials, "the password is empty");
    co_return spnego::make_initiator(std::move(offers), std::move(remark));
}

net::Task<Engine> Applicant::make(channel::LogonPlan plan) {
    using enum auth::Transport;
    negotiates_ = plan.transport == negotiate;
    if (plan.transport == basic) co_return auth::make_basic_initiator(credential_);
    if (plan.transport == ntlm) co_return make_ntlm(plan);
    if (plan.transport == credssp) co_return make_credssp(std::move(plan));
    if (plan.transport == kerberos) {
        auto with_ticket = make_kerberos(std::move(plan));
        co_return co_await std::move(with_ticket);
    }
    auto negotiating = make_negotiate(std::move(plan));
    co_return co_await std::move(negotiating);
}

bool Applicant::try_otherwise(const Error& refused) {
    if (refused.id != ErrorId::kerberos_refused && refused.id != ErrorId::kerberos_clock) return false;
    if (given_up_) return false;
    if (refused.id == ErrorId::kerberos_refused && kerberos_->next_name()) return true;
    if (!negotiates_ || !ntlm_would_do()) return false;
    given_up_ = refused;
    return true;
}

const char* read_environment(const char* name) {
    return std::getenv(name);
}

}  // namespace

Result<MakeLinkOn> make_links(net::WorkerPool& pool, tickets::Office& office, TlsClients& tls,
                              const target::Target& target, auth::Credential credential) {
    MULLION_ASSIGN(auto transports, read_transports(target));
    MULLION_TRY(check_credssp(target, transports));
    MULLION_TRY(check_credential(target, credential, transports));
    MULLION_TRY(keep_secret(target, transports));
    channel::ClientSettings settings;
    MULLION_ASSIGN(settings.endpoint.tls, make_tls(tls, target));
    settings.endpoint.host = target.host;
    settings.endpoint.port = target.port;
    settings.endpoint.tls_name = target.tls_server_name;
    MULLION_ASSIGN(const auto proxy, target::proxy_of(target, read_environment));
    if (proxy) settings.endpoint.proxy = net::Proxy{proxy->host, *proxy->port};
    settings.path = target.path;
    settings.host_field = host_field(target);
    settings.encryption = encryption_of(target.message_encryption);
    settings.allow_unencrypted = target.allow_unencrypted;
    settings.send_binding = target.send_cbt;
    settings.connect_timeout = target.connect_timeout;
    settings.read_timeout = target.read_timeout;
    settings.transports = std::move(transports);
    auto applicant = std::make_shared<Applicant>(office, target, std::move(credential));
    return MakeLinkOn([&pool, settings, applicant](net::Executor executor) -> std::shared_ptr<Link> {
        return std::make_shared<ChannelLink>(std::move(executor), pool, settings, applicant);
    });
}

}  // namespace mullion::client
