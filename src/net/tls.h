// TLS 1.2 and 1.3 settings of both ends. No OpenSSL types. Contexts are made once and shared; they are
// immutable after that and may be used from every thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/secret.h"

namespace mullion::net {

struct TlsVerification {
    bool check_chain = true;       // skip-ca clears it.
    bool check_name = true;        // skip-cn
    bool check_revocation = true;  // skip-revocation; only looks when crl_file is set.
    bool check_dates = true;       // No option clears it: for a look at a certificate that was refused.
    std::string ca_file;   // PEM file with one or more certificates, or a folder; empty: the system's store.
    std::string crl_file;  // PEM file with revocation lists.
    std::string pin;       // "sha256:HEX" of the leaf's DER; replaces chain and name.
    // PEM or PKCS#12. The key may be in the certificate's file.
    std::string client_certificate_file;
    std::string client_key_file;
    std::string client_key_password_file;  // Its first line.

    friend bool operator==(const TlsVerification&, const TlsVerification&) = default;
};

class TlsClient {
public:
    struct State;
    explicit TlsClient(std::shared_ptr<const State> state) : state_(std::move(state)) {}
    // Reads the files, which may block: a pipe with a name is waited for until `cancelled`, a descriptor, is
    // readable. Errors: tls.files, tls.client_key, tls.client_key_password, tls.client_expired,
    // net.descriptors, run.interrupted (it was)
    [[nodiscard]] static Result<std::shared_ptr<const TlsClient>> make(const TlsVerification& verification,
                                                                       int cancelled = -1);
    [[nodiscard]] const State& state() const { return *state_; }

private:
    std::shared_ptr<const State> state_;
};

// Whether the handshake asks clients for a certificate. None needs to have one, and none is refused for the
// one it has: who it means is judged above. Stream::request_certificate() asks later.
enum class AskForCertificate { later, at_handshake };

class TlsServer {
public:
    struct State;
    explicit TlsServer(std::shared_ptr<const State> state) : state_(std::move(state)) {}
    // Certificate chain and key as PEM. Errors: tls.files
    [[nodiscard]] static Result<std::shared_ptr<const TlsServer>> make(
        const std::string& chain_pem, const Secret& key_pem,
        AskForCertificate ask = AskForCertificate::later);
    [[nodiscard]] const State& state() const { return *state_; }

private:
    std::shared_ptr<const State> state_;
};

}  // namespace mullion::net
