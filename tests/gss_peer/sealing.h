// Messages sealed by an established NTLM context, in the form of [MS-WSMV] 2.2.9.1.
#pragma once

#include "auth/mechanism.h"
#include "gss_peer/handles.h"

namespace mullion::gss_peer {

class GssSealing final : public auth::Sealing {
public:
    // Both must outlive this.
    GssSealing(const Context& context, gss_OID mechanism) : context_(context), mechanism_(mechanism) {}

    [[nodiscard]] Result<auth::SealedMessage> seal(std::string_view plaintext) override;
    [[nodiscard]] Result<std::string> unseal(std::string_view signature, std::string_view data) override;

private:
    Error fail(std::string what);

    const Context& context_;
    gss_OID mechanism_;
    bool broken_ = false;  // RC4's state is lost after any failure, for good.
};

}  // namespace mullion::gss_peer
