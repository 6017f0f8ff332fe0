#include "client/channel_link.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

#include "auth/basic.h"
#include "credssp/credssp.h"
#include "net/tls.h"
#include "ntlm/computer_name.h"
#include "ntlm/initiator.h"
#include "spnego/spnego.h"
#include "target/proxy.h"

namespace mullion::client {
namespace {

class ChannelLink final : public Link {
public:
    ChannelLink(net::Executor executor, net::WorkerPool& pool, channel::ClientSettings settings,
                channel::MakeInitiator make_initiator)
        : connection_(std::move(executor), pool, std::move(settings), std::move(make_initiator)) {}

    net::Task<Result<channel::Answer>> exchange(std::string body, MonotonicTime deadline,
                                                channel::Repeat repeat) override {
        return connection_.exchange(std::move(body), deadline, repeat);
    }
    bool repeated() const override { return connection_.repeated(); }
    bool sent() const override { return connection_.sent(); }
    bool connected() const override { return connection_.connected(); }
    unsigned round_trips() const override { return connection_.round_trips(); }
    bool sealed() const override { return connection_.sealed(); }
    void close() override { connection_.close(); }
    std::string transport() const override {
        const auto transport = connection_.transport();
        return transport ? std::string(auth::to_string(*transport)) : std::string();
    }

private:
    channel::ClientConnection connection_;
};

Result<std::vector<auth::Transport>> read_transports(const target::Target& target) {
    std::vector<auth::Transport> transports;
    for (const auto& name : target.transports) {
        const auto transport = auth::parse_transport(name);
        using enum auth::Transport;
        const bool here = transport && (*transport == basic || *transport == ntlm ||
                                        *transport == negotiate || *transport == credssp);
        if (!here)
            return Error(ErrorId::usage_unsupported,
                         fmt::format("the transport {} is not in this version", name));
        transports.push_back(*transport);
    }
    return transports;
}

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

Result<void> check_credential(const auth::Credential& credential) {
    if (credential.user.empty()) return Error(ErrorId::auth_credentials, "there is no user name");
    if (credential.password.empty()) return Error(ErrorId::auth_credentials, "the password is empty");
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

// Who logs on, and where: shared by both connections, which log on at times of their own.
struct Applicant {
    std::string host;
    auth::Credential credential;
    target::CredsspOptions credssp;
};
using Engine = Result<std::unique_ptr<auth::Initiator>>;

Engine make_ntlm(const Applicant& applicant, const channel::LogonPlan& plan) {
    ntlm::InitiatorOptions options;
    options.host = applicant.host;
    options.workstation = ntlm::own_netbios_name();
    options.binding = plan.binding;
    return ntlm::make_initiator(applicant.credential, options);
}

net::Task<Engine> make_negotiate(std::shared_ptr<const Applicant> applicant, channel::LogonPlan plan) {
    std::vector<spnego::Offer> offers;
    MULLION_CO_ASSIGN(auto ntlm, make_ntlm(*applicant, plan));
    offers.push_back({spnego::ntlm_oid, std::move(ntlm)});
    co_return spnego::make_initiator(std::move(offers));
}

net::Task<Engine> make_credssp(std::shared_ptr<const Applicant> applicant, channel::LogonPlan plan) {
    credssp::InitiatorOptions options;
    MULLION_CO_ASSIGN(options.tls, credssp::client_tls(applicant->credssp.disable_tls12));
    options.minimum_version = applicant->credssp.minimum_version;
    plan.binding = {};  // CredSSP binds to its inner TLS by itself.
    auto negotiating = make_negotiate(applicant, std::move(plan));
    MULLION_CO_ASSIGN(options.inner, co_await std::move(negotiating));
    co_return credssp::make_initiator(applicant->credential, std::move(options));
}

net::Task<Engine> make_engine(std::shared_ptr<const Applicant> applicant, channel::LogonPlan plan) {
    using enum auth::Transport;
    if (plan.transport == basic) co_return auth::make_basic_initiator(applicant->credential);
    if (plan.transport == ntlm) co_return make_ntlm(*applicant, plan);
    if (plan.transport == credssp) {
        auto delegating = make_credssp(std::move(applicant), std::move(plan));
        co_return co_await std::move(delegating);
    }
    auto negotiating = make_negotiate(std::move(applicant), std::move(plan));
    co_return co_await std::move(negotiating);
}

channel::MakeInitiator initiators_of(const target::Target& target, auth::Credential credential) {
    auto shared =
        std::make_shared<const Applicant>(Applicant{target.host, std::move(credential), target.credssp});
    return [shared](channel::LogonPlan plan) { return make_engine(shared, std::move(plan)); };
}

const char* read_environment(const char* name) {
    return std::getenv(name);
}

}  // namespace

Result<MakeLinkOn> make_links(net::WorkerPool& pool, TlsClients& tls, const target::Target& target,
                              auth::Credential credential) {
    MULLION_TRY(check_credential(credential));
    MULLION_ASSIGN(auto transports, read_transports(target));
    MULLION_TRY(check_credssp(target, transports));
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
    auto make_initiator = initiators_of(target, std::move(credential));
    return MakeLinkOn([&pool, settings, make_initiator](net::Executor executor) -> std::shared_ptr<Link> {
        return std::make_shared<ChannelLink>(std::move(executor), pool, settings, make_initiator);
    });
}

}  // namespace mullion::client
