#include "service/acceptors.h"

#include <utility>
#include <vector>

#include "credssp/credssp.h"
#include "spnego/spnego.h"

namespace mullion::service {

std::unique_ptr<auth::Acceptor> make_acceptor(channel::Handshake scheme, auth::AccountLookup& accounts,
                                              const ntlm::AcceptorOptions& options) {
    if (scheme != channel::Handshake::negotiate) return nullptr;
    std::vector<spnego::Served> served;
    served.push_back({spnego::ntlm_oid, ntlm::make_acceptor(accounts, options)});
    return spnego::make_acceptor(std::move(served));
}

std::unique_ptr<auth::Acceptor> inside_credssp(std::unique_ptr<auth::Acceptor> negotiate,
                                               std::shared_ptr<const crypto::TlsMemoryContext> tls) {
    if (!tls) return nullptr;
    return credssp::make_acceptor({std::move(negotiate), std::move(tls)});
}

}  // namespace mullion::service
