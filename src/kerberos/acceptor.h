// The service's side of a log-on.
#pragma once

#include <memory>
#include <string>

#include "auth/mechanism.h"

namespace mullion::kerberos {

// Who a ticket's client is here. Given by the service.
class Principals {
public:
    virtual ~Principals() = default;
    // The account of "alice@EXAMPLE.TEST"; nothing: it has none. May block.
    [[nodiscard]] virtual Result<std::optional<auth::AccountRecord>> find(const std::string& principal) = 0;
};

struct AcceptorOptions {
    std::string keytab;            // A file with the keys of HTTP/…, host/… or WSMAN/….
    auth::ChannelBinding binding;  // Of this TLS connection; empty over HTTP.
    auth::CbtHardening hardening = auth::CbtHardening::relaxed;
};

// Reads the keytab and keeps a replay cache in memory, so steps may block. `principals` must outlive it.
[[nodiscard]] std::unique_ptr<auth::Acceptor> make_acceptor(Principals& principals,
                                                            const AcceptorOptions& options);

}  // namespace mullion::kerberos
