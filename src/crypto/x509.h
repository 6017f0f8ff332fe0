// Certificates and keys. No OpenSSL types: DER and PEM in, values out.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/secret.h"

namespace mullion::crypto {

struct CertificateInfo {
    std::string subject;  // "CN=host,O=…" as RFC 2253 prints it.
    std::string issuer;
    std::string serial;              // Upper-case hex digits.
    std::string common_name;         // Empty when there is none.
    std::vector<std::string> names;  // DNS names and addresses of subjectAltName.
    std::vector<std::string> upns;   // Its user principal names: otherName 1.3.6.1.4.1.311.20.2.3.
    std::chrono::system_clock::time_point not_before;
    std::chrono::system_clock::time_point not_after;
    std::string thumbprint;  // SHA-1 of the DER, 40 upper-case hex digits, as Windows names certificates.
    std::string sha256;      // Of the DER, 64 lower-case hex digits: what --cert-pin takes.
    std::vector<std::string> uses;  // Of extendedKeyUsage: "serverAuth", or an OID. Empty: for everything.
    bool self_signed = false;       // By its own key, and not only in its own name.
    bool can_sign = false;          // Others: an authority's, and its key usage allows it.
};

[[nodiscard]] Result<CertificateInfo> describe_certificate(std::string_view der);

// Application data of the tls-server-end-point binding: "tls-server-end-point:" and the hash of the
// certificate by its signature's hash, SHA-256 for MD5 and SHA-1 (RFC 5929 4.1). Errors: tls.files
[[nodiscard]] Result<std::string> tls_server_end_point(std::string_view der);

// First certificate of a PEM text as DER. Errors: tls.files
[[nodiscard]] Result<std::string> certificate_der(std::string_view pem);

struct SelfSigned {
    std::string certificate_pem;
    Secret key_pem;  // PKCS#8, not encrypted.
};
// P-256, or RSA with 2048 bits, which takes a fraction of a second to make.
enum class KeyKind { ec, rsa };
// Signed with SHA-256, CA:FALSE, serverAuth, subjectAltName of the names (addresses as iPAddress).
[[nodiscard]] Result<SelfSigned> make_self_signed(const std::vector<std::string>& names,
                                                  std::chrono::hours valid_for, KeyKind kind = KeyKind::ec);
// The same for who signs others: CA:TRUE, keyCertSign, no alternative names.
[[nodiscard]] Result<SelfSigned> make_authority(const std::string& name, std::chrono::hours valid_for);
// As make_self_signed(), but signed by the authority.
[[nodiscard]] Result<SelfSigned> issue_certificate(const SelfSigned& authority,
                                                   const std::vector<std::string>& names,
                                                   std::chrono::hours valid_for);

}  // namespace mullion::crypto
