// An operator's certificate with its key, which others may have made: PEM or PKCS#12, with a password and
// without.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "check.h"
#include "crypto/certificate_bundle.h"
#include "crypto/keyed_certificate.h"
#include "crypto/x509.h"

namespace {

using mullion::Secret;

// Each certificate of a bundle is written so that it is read again, as the same one.
void read_bundle(const Secret& file, const Secret* password) {
    const auto all = mullion::crypto::read_certificates(file, password, "fuzz");
    if (!all.ok()) return;
    FUZZ_CHECK(!all->empty() && all->size() <= 100);
    for (const auto& one : *all) {
        const auto again = mullion::crypto::certificate_der(one.pem);
        FUZZ_CHECK(again.ok() && *again == one.der);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mullion;
    const Secret file(std::string_view(reinterpret_cast<const char*>(data), size));
    const Secret none, password("correct");
    for (const Secret* given : {static_cast<const Secret*>(nullptr), &password}) {
        read_bundle(file, given);
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
