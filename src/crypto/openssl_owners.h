// Owners of OpenSSL's objects, for this room only.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace mullion::crypto {

template <auto release>
struct Releases {
    template <class T>
    void operator()(T* object) const {
        release(object);
    }
};
using BioOwner = std::unique_ptr<BIO, Releases<BIO_free_all>>;
using X509Owner = std::unique_ptr<X509, Releases<X509_free>>;
using KeyOwner = std::unique_ptr<EVP_PKEY, Releases<EVP_PKEY_free>>;

// The oldest error of OpenSSL's queue in words; empties the queue.
[[nodiscard]] std::string openssl_reason();

}  // namespace mullion::crypto
