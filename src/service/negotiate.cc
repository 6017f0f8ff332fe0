#include "service/negotiate.h"

#include <utility>

#include "spnego/spnego.h"

namespace mullion::service {

std::unique_ptr<auth::Acceptor> negotiate_acceptor(auth::AccountLookup& accounts,
                                                   const ntlm::AcceptorOptions& options) {
    std::vector<spnego::Served> served;
    served.push_back({spnego::ntlm_oid, ntlm::make_acceptor(accounts, options)});
    return spnego::make_acceptor(std::move(served));
}

}  // namespace mullion::service
