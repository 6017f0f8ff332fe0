#include "client/channel_link.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "client/allowed_transports.h"
#include "client/applicant.h"
#include "client/stranger_link.h"
#include "core/secret.h"
#include "net/tls.h"
#include "target/proxy.h"

namespace mullion::client {
namespace {

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
    std::string peer() const override { return connection_.peer(); }
    const net::TlsFacts* tls() const override { return connection_.tls(); }
    void speak_in_clear(bool in_clear) override { connection_.speak_in_clear(in_clear); }
    void speak_utf16(bool utf16) override { connection_.speak_utf16(utf16); }
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
            if (again) continue;
            wipe(body);
            co_return answer;
        }
    }

    std::shared_ptr<Applicant> applicant_;
    channel::ClientConnection connection_;
};

Result<std::shared_ptr<const net::TlsClient>> make_tls(TlsClients& clients, const target::Target& target) {
    if (target.scheme != target::Scheme::https) return std::shared_ptr<const net::TlsClient>();
    net::TlsVerification verification;
    verification.check_chain = target.cert_validation.chain;
    verification.check_name = target.cert_validation.name;
    verification.check_revocation = target.cert_validation.revocation;
    verification.ca_file = target.ca_file;
    verification.crl_file = target.crl_file;
    verification.pin = target.cert_pin;
    const auto& ways = target.transports;
    if (std::find(ways.begin(), ways.end(), "certificate") != ways.end()) {
        verification.client_certificate_file = target.client_certificate;
        verification.client_key_file = target.client_key;
        verification.client_key_password_file = target.client_key_password_file;
    }
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

const char* read_environment(const char* name) {
    return std::getenv(name);
}

}  // namespace

Result<net::Endpoint> plain_endpoint(const target::Target& target) {
    net::Endpoint endpoint;
    endpoint.socket = target.socket;
    if (!target.socket.empty()) return endpoint;
    endpoint.host = target.host;
    endpoint.port = target.port;
    endpoint.tls_name = target.tls_server_name;
    MULLION_ASSIGN(const auto proxy, target::proxy_of(target, read_environment));
    if (proxy) endpoint.proxy = net::Proxy{proxy->host, *proxy->port};
    return endpoint;
}

Result<channel::ClientSettings> connection_settings(TlsClients& tls, const target::Target& target) {
    channel::ClientSettings settings;
    MULLION_ASSIGN(auto with, make_tls(tls, target));
    MULLION_ASSIGN(settings.endpoint, plain_endpoint(target));
    settings.endpoint.tls = std::move(with);
    settings.path = target.path;
    settings.host_field = host_field(target);
    settings.encryption = encryption_of(target.message_encryption);
    settings.allow_unencrypted = target.allow_unencrypted;
    settings.send_binding = target.send_cbt;
    settings.connect_timeout = target.connect_timeout;
    settings.read_timeout = target.read_timeout;
    return settings;
}

Result<MakeLinkOn> make_links(net::WorkerPool& pool, tickets::Office& office, TlsClients& tls,
                              const target::Target& target, auth::Credential credential, LogonGate gate) {
    if (target.transports == std::vector<std::string>{std::string(nobody)}) {
        MULLION_ASSIGN(auto settings, connection_settings(tls, target));
        return MakeLinkOn([&pool, settings](net::Executor executor) {
            return make_stranger_link(std::move(executor), pool, settings);
        });
    }
    MULLION_ASSIGN(auto transports, allowed_transports(target, credential));
    MULLION_ASSIGN(auto settings, connection_settings(tls, target));
    settings.transports = std::move(transports);
    auto applicant = std::make_shared<Applicant>(office, target, std::move(credential), std::move(gate));
    return MakeLinkOn([&pool, settings, applicant](net::Executor executor) -> std::shared_ptr<Link> {
        return std::make_shared<ChannelLink>(std::move(executor), pool, settings, applicant);
    });
}

}  // namespace mullion::client
