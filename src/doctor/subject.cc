#include "doctor/subject.h"

#include <fmt/core.h>

#include <utility>

#include "client/allowed_transports.h"
#include "client/channel_link.h"
#include "client/kerberos_logon.h"

namespace mullion::doctor {
namespace {

bool takes_ticket(auth::Transport transport) {
    return transport == auth::Transport::kerberos || transport == auth::Transport::negotiate;
}

std::string realm_of(const target::Target& target, const std::string& user) {
    if (!target.kerberos.realm.empty()) return target.kerberos.realm;
    const auto at = user.rfind('@');
    return at == std::string::npos ? std::string() : user.substr(at + 1);
}

}  // namespace

const std::string& Subject::kerberos_host() const {
    return target.kerberos.host_name.empty() ? target.host : target.kerberos.host_name;
}

std::string Subject::principal() const {
    auto name = user.substr(user.rfind('\\') + 1);  // npos + 1 is the beginning.
    name = name.substr(0, name.rfind('@'));
    return fmt::format("{}@{}", name.empty() ? "USER" : name, realm.empty() ? "REALM" : realm);
}

Result<Subject> make_subject(const target::Target& settled, const auth::Credential& credential) {
    Subject subject;
    subject.target = settled;
    subject.user = credential.user;
    subject.has_password = !credential.password.empty();
    subject.realm = realm_of(settled, credential.user);
    MULLION_ASSIGN(const auto endpoint, client::plain_endpoint(settled));
    if (endpoint.proxy) subject.proxy = fmt::format("{}:{}", endpoint.proxy->host, endpoint.proxy->port);
    subject.services = client::service_names(settled);
    for (const auto& name : settled.transports) {
        const auto transport = auth::parse_transport(name);
        if (!transport)
            return Error(ErrorId::usage_unsupported,
                         fmt::format("the transport {} is not in this version", name));
        auto alone = settled;
        alone.transports = {name};
        Route route{*transport};
        auto allowed = client::allowed_transports(alone, credential);
        if (!allowed.ok()) route.refusal = std::move(allowed).error();
        const bool ticket = takes_ticket(*transport) && !route.refusal;
        subject.tickets = subject.tickets || (ticket && client::may_use_kerberos(alone, credential));
        subject.routes.push_back(std::move(route));
    }
    return subject;
}

}  // namespace mullion::doctor
