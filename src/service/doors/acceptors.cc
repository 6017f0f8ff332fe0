#include "service/doors/acceptors.h"

#include <utility>
#include <vector>

#include "credssp/credssp.h"
#include "kerberos/initiator.h"
#include "spnego/spnego.h"

namespace mullion::service {

std::unique_ptr<auth::Acceptor> make_acceptor(channel::Handshake scheme, auth::AccountLookup& accounts,
                                              const ntlm::AcceptorOptions& options, KerberosSide* kerberos) {
    const auto with_tickets = [&] {
        return kerberos::make_acceptor(kerberos->keys, kerberos->principals,
                                       {options.binding, options.hardening});
    };
    if (scheme == channel::Handshake::kerberos && kerberos != nullptr) return with_tickets();
    if (scheme != channel::Handshake::negotiate) return nullptr;
    std::vector<spnego::Served> served;
    if (kerberos != nullptr) {
        served.push_back({kerberos::oid, with_tickets()});
        served.push_back({kerberos::windows_oid, with_tickets()});
    }
    served.push_back({spnego::ntlm_oid, ntlm::make_acceptor(accounts, options)});
    return spnego::make_acceptor(std::move(served));
}

std::unique_ptr<auth::Acceptor> inside_credssp(std::unique_ptr<auth::Acceptor> negotiate,
                                               std::shared_ptr<const crypto::TlsMemoryContext> tls) {
    if (!tls) return nullptr;
    return credssp::make_acceptor({std::move(negotiate), std::move(tls)});
}

}  // namespace mullion::service
