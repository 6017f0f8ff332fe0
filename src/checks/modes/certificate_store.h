// Certificates as Windows keeps them in the registry: SystemCertificates\STORE\Certificates\THUMBPRINT.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mullion::checks {

struct StoredCertificate {
    std::string der;
    bool archived = false;  // CERT_ARCHIVED_PROP_ID: kept, and used no more.
};

// Of the value "Blob": properties one behind the other, each an id, a 1 and a length of 32 bits,
// little-endian, and its bytes; the certificate itself is property 32. Nothing where that is cut or has no
// certificate.
[[nodiscard]] std::optional<StoredCertificate> read_stored_certificate(std::string_view blob);

// A name as .NET prints it, "CN=host, O=\"Example, Inc.\"", of RFC 2253's "CN=host,O=Example\, Inc.".
[[nodiscard]] std::string windows_name(std::string_view rfc2253);

// "My" of "MY": stores as PowerShell's drive Cert: spells them.
[[nodiscard]] std::string windows_store(std::string_view name);

}  // namespace mullion::checks
