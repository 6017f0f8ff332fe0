// Authentication by a client certificate, both ends' part above TLS. The field goes with every request and
// says only that the certificate is meant; that the client has its key is proven in the handshake.
#pragma once

#include <memory>

#include "auth/mechanism.h"
#include "http/message.h"

namespace mullion::auth {

[[nodiscard]] std::unique_ptr<Initiator> make_certificate_initiator();

// True when the request's one Authorization is that of a client certificate (DSP0226, profile https/mutual).
[[nodiscard]] bool means_certificate(const http::Headers& headers);

}  // namespace mullion::auth
