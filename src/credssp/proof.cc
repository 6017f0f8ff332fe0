#include "credssp/proof.h"

#include "credssp/messages.h"
#include "crypto/hash.h"

namespace mullion::credssp {
namespace {

// NTLM's signature. Kerberos' engine joins the halves again, wherever they are parted.
constexpr std::size_t signature_size = 16;

// With their final NUL.
constexpr std::string_view client_magic{"CredSSP Client-To-Server Binding Hash", 38};
constexpr std::string_view server_magic{"CredSSP Server-To-Client Binding Hash", 38};

}  // namespace

std::string key_proof(Prover prover, unsigned version, std::string_view nonce, std::string_view public_key) {
    if (version >= 5) {
        std::string text(prover == Prover::client ? client_magic : server_magic);
        text.append(nonce).append(public_key);
        return crypto::sha256(text);
    }
    std::string key(public_key);
    if (prover == Prover::server && !key.empty())
        key[0] = static_cast<char>(static_cast<unsigned char>(key[0]) + 1);
    return key;
}

Result<std::string> wrap(auth::Sealing& sealing, std::string_view clear) {
    MULLION_ASSIGN(auth::SealedMessage message, sealing.seal(clear));
    message.signature.append(message.data);
    return std::move(message.signature);
}

Result<std::string> unwrap(auth::Sealing& sealing, std::string_view token) {
    if (token.size() <= signature_size || token.size() > max_message)
        return Error(ErrorId::auth_protocol, "credssp: a sealed field of a length that cannot be");
    return sealing.unseal(token.substr(0, signature_size), token.substr(signature_size));
}

}  // namespace mullion::credssp
