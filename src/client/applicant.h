// Who logs on to one host, and the engines that do it, by the transport that channel asks for.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "auth/mechanism.h"
#include "channel/client_connection.h"
#include "client/gated_session.h"
#include "client/kerberos_logon.h"
#include "core/result.h"
#include "net/task.h"
#include "target/target.h"
#include "tickets/office.h"

namespace mullion::client {

using Engine = Result<std::unique_ptr<auth::Initiator>>;

// Shared by the connections of a session, which log on at times of their own, on the session's thread.
class Applicant {
public:
    Applicant(tickets::Office& office, const target::Target& target, auth::Credential credential,
              LogonGate gate = {});

    [[nodiscard]] net::Task<Engine> make(channel::LogonPlan plan);

    // May have to be asked again after kerberos.refused, on a connection of its own.
    [[nodiscard]] bool has_kerberos() const { return kerberos_.has_value(); }
    // Whether another log-on could go better than the one that the host refused.
    [[nodiscard]] bool try_otherwise(const Error& refused);

private:
    [[nodiscard]] net::Task<Engine> make_for(channel::LogonPlan plan);
    [[nodiscard]] net::Task<Engine> make_kerberos(channel::LogonPlan plan);
    [[nodiscard]] net::Task<Engine> ticket_within(channel::LogonPlan plan);
    [[nodiscard]] net::Task<Engine> make_negotiate(channel::LogonPlan plan);
    [[nodiscard]] Engine make_ntlm(const channel::LogonPlan& plan) const;
    [[nodiscard]] net::Task<Engine> make_credssp(channel::LogonPlan plan);
    [[nodiscard]] auth::Credential handed_over() const;
    // NTLM takes no ticket, and hands none on.
    [[nodiscard]] bool ntlm_would_do() const {
        return mechanism_ != target::CredsspMechanism::kerberos && !credential_.password.empty() &&
               !(kerberos_ && kerberos_->delegates());
    }

    std::string host_;
    std::string realm_;  // Of the options.
    target::CredsspOptions credssp_;
    target::CredsspMechanism mechanism_;  // Inside of CredSSP; else automatic.
    auth::Credential credential_;
    LogonGate gate_;
    std::optional<KerberosLogon> kerberos_;
    std::optional<Error> given_up_;  // Why Kerberos is no longer tried inside Negotiate.
    bool negotiates_ = false;        // In the last engine was SPNEGO.
};

}  // namespace mullion::client
