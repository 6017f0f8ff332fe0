// Messages sealed as records of the TLS conversation, [MS-WSMV] 2.2.9.1.3.
#pragma once

#include "auth/mechanism.h"
#include "crypto/tls_memory.h"

namespace mullion::credssp {

class Sealing final : public auth::Sealing {
public:
    explicit Sealing(crypto::TlsMemory& tls) : tls_(tls) {}  // Must outlive it.

    [[nodiscard]] std::size_t largest() const override { return crypto::tls_record_data; }
    [[nodiscard]] Result<auth::SealedMessage> seal(std::string_view plaintext) override;
    [[nodiscard]] Result<std::string> unseal(std::string_view signature, std::string_view data) override;

private:
    crypto::TlsMemory& tls_;
};

}  // namespace mullion::credssp
