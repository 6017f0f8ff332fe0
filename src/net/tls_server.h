#pragma once

#include "net/tls.h"
#include "net/tls_handle.h"

namespace mullion::net {

struct TlsServer::State {
    SslContext context;
    std::string certificate;  // The leaf's DER.
};

}  // namespace mullion::net
