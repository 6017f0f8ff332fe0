// TLS without a socket, both ends: records in, records out. CredSSP runs it inside of HTTP's tokens. Nobody's
// certificate is checked here: CredSSP binds what follows to the server's public key ([MS-CSSP] 3.1.5).
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"

namespace mullion::crypto {

enum class TlsVersions {
    modern,  // 1.2 and 1.3.
    tls12,   // 1.2 alone.
    legacy,  // 1.0 and 1.1 with what they need (@SECLEVEL=0), for hosts that have nothing else.
};

// The most that one record carries (RFC 8446 5.1), and so one chunk of a sealed message.
inline constexpr std::size_t tls_record_data = 16 * 1024;

// One end of one conversation. Any failure ends it.
class TlsMemory {
public:
    ~TlsMemory();
    TlsMemory(const TlsMemory&) = delete;
    TlsMemory& operator=(const TlsMemory&) = delete;

    // Takes the peer's records and gives those to send. The client begins with nothing. Once connected, what
    // follows the handshake in the same bytes stays for decrypt(). Errors: tls.handshake
    [[nodiscard]] Result<std::string> handshake(std::string_view records);
    [[nodiscard]] bool connected() const;
    // That failure was about the version of TLS: there is none in common.
    [[nodiscard]] bool version_refused() const;

    // At most tls_record_data, and at least a byte. Errors: seal.broken
    [[nodiscard]] Result<std::string> encrypt(std::string_view clear);
    // All that whole records hold; nothing may be cut or left over. Errors: seal.broken
    [[nodiscard]] Result<std::string> decrypt(std::string_view records);

    // SubjectPublicKey of the server's certificate: the bits alone, without algorithm. [MS-CSSP] 2.2.1
    [[nodiscard]] Result<std::string> server_public_key() const;
    // What stands behind `clear` bytes in a record: a tag, or a MAC and padding.
    [[nodiscard]] std::size_t trailer_length(std::size_t clear) const;
    [[nodiscard]] std::string description() const;  // "TLSv1.3, TLS_AES_256_GCM_SHA384"

private:
    friend class TlsMemoryContext;
    struct State;
    explicit TlsMemory(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// What conversations of one kind share. From any thread.
class TlsMemoryContext {
public:
    ~TlsMemoryContext();
    TlsMemoryContext(const TlsMemoryContext&) = delete;
    TlsMemoryContext& operator=(const TlsMemoryContext&) = delete;

    [[nodiscard]] static Result<std::shared_ptr<const TlsMemoryContext>> client(TlsVersions versions);
    // Errors: tls.files
    [[nodiscard]] static Result<std::shared_ptr<const TlsMemoryContext>> server(
        std::string_view certificate_pem, const Secret& key_pem, TlsVersions versions = TlsVersions::modern);

    [[nodiscard]] Result<std::unique_ptr<TlsMemory>> begin() const;

private:
    struct State;
    explicit TlsMemoryContext(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace mullion::crypto
