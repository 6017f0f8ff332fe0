// An operator's certificate with its key, which others may have made: PEM or PKCS#12, with a password and
// without.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "check.h"
#include "crypto/keyed_certificate.h"
#include "crypto/x509.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mullion;
    const Secret file(std::string_view(reinterpret_cast<const char*>(data), size));
    const Secret none, password("correct");
    for (const Secret* given : {static_cast<const Secret*>(nullptr), &password}) {
        const auto read = crypto::read_keyed_certificate({file, none, given, "fuzz"});
        if (!read.ok()) continue;
        // What was read is written so that it is read again, without a password.
        const Secret pem(read->chain_pem);
        const auto again = crypto::read_keyed_certificate({pem, read->key_pem, nullptr, "again"});
        FUZZ_CHECK(again.ok() && again->chain_pem == read->chain_pem);
        FUZZ_CHECK(crypto::certificate_der(read->chain_pem).ok());
    }
    return 0;
}
