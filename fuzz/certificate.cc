// A peer's certificate as DER, and an operator's as PEM.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "check.h"
#include "crypto/client_trust.h"
#include "crypto/x509.h"

namespace crypto = mullion::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto info = crypto::describe_certificate(bytes);
    // What can be described can be bound to, and the other way round.
    FUZZ_CHECK(info.ok() == crypto::tls_server_end_point(bytes).ok());
    if (info.ok()) {
        FUZZ_CHECK(info->thumbprint.size() == 40 && info->sha256.size() == 64);
        for (const auto& upn : info->upns) FUZZ_CHECK(!upn.empty() && upn.find('\0') == std::string::npos);
        for (const auto& name : info->names) FUZZ_CHECK(name.find('\0') == std::string::npos);
    }
    // Nobody is trusted, so nobody is believed.
    static const auto trust = crypto::ClientTrust::make({}, {});
    FUZZ_CHECK(!trust->verify(bytes, std::chrono::system_clock::now()).ok());
    if (const auto der = crypto::certificate_der(bytes); der.ok())
        FUZZ_CHECK(crypto::describe_certificate(*der).ok());
    return 0;
}
