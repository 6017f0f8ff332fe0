#include "client/applicant.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "auth/basic.h"
#include "auth/certificate.h"
#include "auth/local.h"
#include "auth/policy.h"
#include "client/logon_gate.h"
#include "core/clock.h"
#include "credssp/credssp.h"
#include "kerberos/initiator.h"
#include "ntlm/computer_name.h"
#include "ntlm/initiator.h"
#include "spnego/spnego.h"

namespace mullion::client {
namespace {

target::CredsspMechanism mechanism_of(const target::Target& target) {
    const auto& ways = target.transports;
    const bool credssp = std::find(ways.begin(), ways.end(), "credssp") != ways.end();
    return credssp ? target.credssp.mechanism : target::CredsspMechanism::automatic;
}

}  // namespace

Applicant::Applicant(tickets::Office& office, const target::Target& target, auth::Credential credential,
                     LogonGate gate)
    : host_(target.host),
      realm_(target.kerberos.realm),
      credssp_(target.credssp),
      mechanism_(mechanism_of(target)),
      credential_(std::move(credential)),
      gate_(std::move(gate)) {
    if (!target.socket.empty()) return;  // Nobody logs on.
    if (mechanism_ != target::CredsspMechanism::ntlm && may_use_kerberos(target, credential_))
        kerberos_.emplace(office, target, credential_);
}

Engine Applicant::make_ntlm(const channel::LogonPlan& plan) const {
    ntlm::InitiatorOptions options;
    options.host = host_;
    options.workstation = ntlm::own_netbios_name();
    options.binding = plan.binding;
    return ntlm::make_initiator(credential_, options);
}

// A name without a realm would be one of the host's own accounts.
auth::Credential Applicant::handed_over() const {
    auth::Credential credential = credential_.clone();
    const bool bare = credential.user.find_first_of("\\@") == std::string::npos;
    if (kerberos_ && bare && !realm_.empty()) credential.user += '@' + realm_;
    return credential;
}

// Inside is what Negotiate would be, for the same names of the host: HTTP first, as requests-credssp has it
// (TERMSRV is a terminal server's). A ticket is forwarded only where --kerberos-delegation asks for that too:
// what CredSSP hands over is the password.
net::Task<Engine> Applicant::make_credssp(channel::LogonPlan plan) {
    credssp::InitiatorOptions options;
    MULLION_CO_ASSIGN(options.tls, credssp::client_tls(credssp_.disable_tls12));
    options.minimum_version = credssp_.minimum_version;
    plan.binding = {};  // CredSSP binds to its inner TLS by itself.
    auto negotiating = make_negotiate(std::move(plan));
    auto inner = co_await std::move(negotiating);
    if (!inner.ok()) co_return std::move(inner).error();
    options.inner = std::move(*inner);
    co_return credssp::make_initiator(handed_over(), std::move(options));
}

net::Task<Engine> Applicant::make_kerberos(channel::LogonPlan plan) {
    auto beginning = kerberos_->begin(plan.binding, plan.deadline);
    auto made = co_await std::move(beginning);
    co_return made;
}

// A KDC that never answers leaves half of the time for NTLM.
net::Task<Engine> Applicant::ticket_within(channel::LogonPlan plan) {
    if (given_up_) co_return *given_up_;
    const auto now = system_clock().now();
    if (ntlm_would_do()) plan.deadline = now + (plan.deadline - now) / 2;
    auto making = make_kerberos(std::move(plan));
    auto made = co_await std::move(making);
    co_return made;
}

// With a ticket both are offered, and the host chooses. Without one NTLM is alone, and says why.
net::Task<Engine> Applicant::make_negotiate(channel::LogonPlan plan) {
    std::vector<spnego::Offer> offers;
    std::string remark;
    if (kerberos_) {
        auto getting = ticket_within(plan);
        auto ticket = co_await std::move(getting);
        if (ticket.ok()) {
            offers.push_back({kerberos::oid, std::move(*ticket), kerberos::windows_oid});
        } else if (auth::is_about_tickets(ticket.error().id) && ntlm_would_do()) {
            remark = "kerberos: " + ticket.error().message();
        } else {
            co_return std::move(ticket).error();
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
    auto passing = pass(gate_, plan.deadline);
    MULLION_CO_TRY(co_await std::move(passing));
    auto making = make_for(std::move(plan));
    co_return co_await std::move(making);
}

net::Task<Engine> Applicant::make_for(channel::LogonPlan plan) {
    using enum auth::Transport;
    negotiates_ = plan.transport == negotiate || plan.transport == credssp;
    if (plan.transport == basic) co_return auth::make_basic_initiator(credential_);
    if (plan.transport == local) co_return auth::make_local_initiator();
    if (plan.transport == certificate) co_return auth::make_certificate_initiator();
    if (plan.transport == ntlm) co_return make_ntlm(plan);
    if (plan.transport == credssp) {
        auto handing_over = make_credssp(std::move(plan));
        co_return co_await std::move(handing_over);
    }
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

}  // namespace mullion::client
