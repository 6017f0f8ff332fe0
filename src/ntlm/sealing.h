// Messages signed and sealed by an established context, [MS-NLMP] 3.4.3 and 3.4.4, with extended session
// security, 128 bits and key exchange or without it. The form of [MS-WSMV] 2.2.9.1: signature and data apart.
#pragma once

#include <cstdint>
#include <memory>

#include "auth/mechanism.h"
#include "ntlm/keys.h"

namespace mullion::ntlm {

class Sealing final : public auth::Sealing, public auth::Integrity {
public:
    // `flags` are what the CHALLENGE and the AUTHENTICATE message agreed on.
    Sealing(const Secret& exported_session_key, std::uint32_t flags, End self);
    ~Sealing() override;

    // Errors: seal.broken, for an empty message, after 2^32 - 1 messages, and after any failure: RC4's state
    // is lost.
    [[nodiscard]] Result<auth::SealedMessage> seal(std::string_view plaintext) override;
    // 16 bytes of signature and at least one of data; the sequence number must be the next one.
    [[nodiscard]] Result<std::string> unseal(std::string_view signature, std::string_view data) override;

    [[nodiscard]] std::string list_mic(std::string_view list) override;
    [[nodiscard]] bool list_mic_is_right(std::string_view list, std::string_view mic) override;

private:
    struct Direction;
    std::unique_ptr<Direction> out_;
    std::unique_ptr<Direction> in_;
    bool broken_ = false;
};

}  // namespace mullion::ntlm
