#include "crypto/vault_cipher.h"

#include <gtest/gtest.h>

#include "encoding/hex.h"

namespace mullion::crypto {
namespace {

using encoding::from_hex;
using encoding::to_hex;

TEST(Pbkdf2, FollowsThePublishedVectors) {  // RFC 7914 11
    EXPECT_EQ(to_hex(pbkdf2_hmac_sha256(Secret("passwd"), "salt", 1, 64).expose()),
              "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
              "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783");
    EXPECT_EQ(to_hex(pbkdf2_hmac_sha256(Secret("Password"), "NaCl", 80000, 64).expose()),
              "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
              "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d");
}

TEST(Aes256Ctr, FollowsThePublishedVector) {  // NIST SP 800-38A F.5.5
    const auto key = from_hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
    const auto counter = from_hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
    const auto clear = from_hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
    const Secret sealed = aes256_ctr(*key, *counter, *clear);
    EXPECT_EQ(to_hex(sealed.expose()), "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5");
    EXPECT_EQ(aes256_ctr(*key, *counter, sealed.expose()).expose(), *clear);
    EXPECT_TRUE(aes256_ctr(*key, *counter, "").empty());
}

}  // namespace
}  // namespace mullion::crypto
