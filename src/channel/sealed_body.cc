#include "channel/sealed_body.h"

#include <fmt/core.h>

#include "http/encrypted.h"

namespace mullion::channel {

Result<SealedBody> seal_body(auth::Sealing& sealing, std::string_view protocol, std::string_view content_type,
                             std::string_view clear) {
    MULLION_ASSIGN(const auth::SealedMessage message, sealing.seal(clear));
    http::EncryptedBody body;
    body.protocol = protocol;
    body.original_type = content_type;
    body.original_length = message.original_length;
    body.signature = message.signature;
    body.sealed = message.data;
    return SealedBody{http::encrypted_content_type(protocol), http::write_encrypted(body)};
}

Result<ClearBody> open_body(auth::Sealing& sealing, std::string_view content_type, std::string_view sealed,
                            std::size_t limit) {
    MULLION_ASSIGN(const http::EncryptedBody body, http::read_encrypted(content_type, sealed, limit));
    MULLION_ASSIGN(std::string clear, sealing.unseal(body.signature, body.sealed));
    // Padding counts in Length ([MS-WSMV] 2.2.9.1.1.2.2); not every peer counts it.
    const std::size_t announced = body.original_length;
    if (announced < clear.size() || announced - clear.size() > sealing.padding()) {
        return Error(ErrorId::seal_broken, fmt::format("{} bytes came out where {} were announced",
                                                       clear.size(), announced));
    }
    return ClearBody{body.original_type, std::move(clear)};
}

}  // namespace mullion::channel
