// Messages of an established Kerberos context, sealed in the form of [MS-WSMV] 2.2.9.1: what wrapping makes
// ahead of the data (RFC 4121 4.2.6.2 with the rotated rest; RFC 4757 7.3) goes as the signature.
#pragma once

#include "auth/mechanism.h"
#include "kerberos/gss.h"

namespace mullion::kerberos {

class Sealing final : public auth::Sealing, public auth::Integrity {
public:
    // `context` must outlive it, and was established with confidentiality, integrity and sequence numbers.
    explicit Sealing(const SecurityContext& context) : context_(context) {}

    // Errors: seal.broken, for an empty message and after any failure.
    [[nodiscard]] Result<auth::SealedMessage> seal(std::string_view plaintext) override;
    // Refused as well: what was only signed, and what came out of its order, twice or after a gap.
    [[nodiscard]] Result<std::string> unseal(std::string_view signature, std::string_view data) override;
    [[nodiscard]] std::size_t padding() const override { return 1; }

    [[nodiscard]] std::string list_mic(std::string_view list) override;
    [[nodiscard]] bool list_mic_is_right(std::string_view list, std::string_view mic) override;

private:
    const SecurityContext& context_;
    bool broken_ = false;
};

// That a context came to be with all that sealing is for. The flags are gss_init_sec_context's or
// gss_accept_sec_context's.
[[nodiscard]] bool seals_well(OM_uint32 flags);

}  // namespace mullion::kerberos
