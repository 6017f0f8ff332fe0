#include "credssp/sealing.h"

#include <algorithm>

namespace mullion::credssp {

// The length in front of a chunk is the trailer's, but what follows is the record as it is: what counts as
// the signature are just so many of its first bytes.
Result<auth::SealedMessage> Sealing::seal(std::string_view plaintext) {
    MULLION_ASSIGN(std::string record, tls_.encrypt(plaintext));
    const std::size_t trailer = std::min(tls_.trailer_length(plaintext.size()), record.size());
    auth::SealedMessage message;
    message.original_length = plaintext.size();
    message.signature = record.substr(0, trailer);
    message.data = record.erase(0, trailer);
    return message;
}

Result<std::string> Sealing::unseal(std::string_view signature, std::string_view data) {
    std::string records;
    records.reserve(signature.size() + data.size());
    records.append(signature).append(data);
    return tls_.decrypt(records);
}

}  // namespace mullion::credssp
