#include "channel/sealed_body.h"

#include <fmt/core.h>

#include <utility>
#include <vector>

#include "http/encrypted.h"

namespace mullion::channel {

Result<SealedBody> seal_body(auth::Sealing& sealing, std::string_view protocol, std::string_view content_type,
                             std::string_view clear) {
    std::vector<auth::SealedMessage> messages;
    do {
        const auto part = clear.substr(0, sealing.largest());
        MULLION_ASSIGN(auto message, sealing.seal(part));
        messages.push_back(std::move(message));
        clear.remove_prefix(part.size());
    } while (!clear.empty());
    std::vector<http::EncryptedBody> chunks;
    for (const auto& message : messages)
        chunks.push_back({std::string(protocol), std::string(content_type), message.original_length,
                          message.signature, message.data});
    return SealedBody{http::encrypted_content_type(protocol, chunks.size()), http::write_encrypted(chunks)};
}

Result<ClearBody> open_body(auth::Sealing& sealing, std::string_view content_type, std::string_view sealed,
                            std::size_t limit) {
    MULLION_ASSIGN(const auto chunks, http::read_encrypted(content_type, sealed, limit));
    ClearBody body{chunks.front().original_type, {}};
    for (const auto& chunk : chunks) {
        MULLION_ASSIGN(std::string clear, sealing.unseal(chunk.signature, chunk.sealed));
        // Padding counts in Length ([MS-WSMV] 2.2.9.1.1.2.2); not every peer counts it.
        const std::size_t announced = chunk.original_length;
        if (announced < clear.size() || announced - clear.size() > sealing.padding()) {
            return Error(ErrorId::seal_broken,
                         fmt::format("{} bytes came out where {} were announced", clear.size(), announced));
        }
        if (body.bytes.empty()) {
            body.bytes = std::move(clear);
        } else {
            body.bytes.append(clear);
        }
    }
    return body;
}

}  // namespace mullion::channel
