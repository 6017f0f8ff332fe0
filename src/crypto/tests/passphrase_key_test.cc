#include "crypto/passphrase_key.h"

#include <gtest/gtest.h>

#include "encoding/hex.h"

namespace mullion::crypto {
namespace {

using encoding::from_hex;
using encoding::to_hex;

// libsodium's test/default/pwhash_argon2id.c: the first and the sixth. RFC 9106 5.3 has a secret value,
// additional data and four lanes, which libsodium does not take.
TEST(Argon2id, FollowsThePublishedVectors) {
    EXPECT_EQ(to_hex(argon2id(Secret(*from_hex(
                                  "a347ae92bce9f80f6f595a4480fc9c2fe7e7d7148d371e9487d75f5c23008ffae065577a"
                                  "928febd9b1973a5a95073acdbeb6a030cfc0d79caa2dc5cd011cef02c08da232d76d52df"
                                  "bca38ca8dcbd665b17d1665f7cf5fe59772ec909733b24de97d6f58d220b20c60d7c07ec"
                                  "1fd93c52c31020300c6c1facd77937a597c7a6")),
                              *from_hex("5541fbc995d5c197ba290346d2c559de"), 5, 7256678, 155)
                         .expose()),
              "18acec5d6507739f203d1f5d9f1d862f7c2cdac4f19d2bdff64487e60d969e3ced615337b9eec6ac4461c6ca07f093"
              "9741e57c24"
              "d0005c7ea171a0ee1e7348249d135b38f222e4dad7b9a033ed83f5ca27277393e316582033c74affe2566a2bea47f9"
              "1f0fd9fe49"
              "ece7e1f79f3ad6e9b23e0277c8ecc4b313225748dd2a80f5679534a0700e246a79a49b3f74eb89ec6205fe1eeb941c"
              "73b1fcf1");
    EXPECT_EQ(
        to_hex(argon2id(
                   Secret(*from_hex("b540beb016a5366524d4605156493f9874514a5aa58818cd0c6dfffaa9e90205f17b")),
                   *from_hex("44071f6d181561670bda728d43fb79b4"), 1, 1631659, 231)
                   .expose()),
        "7fb72409b0987f8190c3729710e98c3f80c5a8727d425fdcde7f3644d467fe973f5b5fee683bd3fce812cb9ae5e9921a2d06"
        "c2f1905e4e83"
        "9692f2b934b682f11a2fe2b90482ea5dd234863516dba6f52dc0702d324ec77d860c2e181f84472bd7104fedce071ffa93c5"
        "309494ad5162"
        "3d214447a7b2b1462dc7d5d55a1f6fd5b54ce024118d86f0c6489d16545aaa87b6689dad9f2fb47fda9894f8e12b87d978b4"
        "83ccd4cc5fd9"
        "595cdc7a818452f915ce2f7df95ec12b1c72e3788d473441d884f9748eb14703c21b45d82fd667b85f5b2d98c13303b3fe76"
        "285531a826b6"
        "fc0fe8e3dddecf");
}

TEST(KeyFromPassphrase, IsOfThePassphraseTheSaltAndTheCost) {
    const std::string salt(16, 's');
    const auto key = key_from_passphrase(Secret("correct horse"), salt, least_argon2);
    ASSERT_TRUE(key.ok()) << key.error().message();
    EXPECT_EQ(key->expose().size(), 32u);
    EXPECT_TRUE(key->same_as(*key_from_passphrase(Secret("correct horse"), salt, least_argon2)));
    EXPECT_FALSE(key->same_as(*key_from_passphrase(Secret("correct horse "), salt, least_argon2)));
    EXPECT_FALSE(
        key->same_as(*key_from_passphrase(Secret("correct horse"), std::string(16, 't'), least_argon2)));
    auto dearer = least_argon2;
    ++dearer.passes;
    EXPECT_FALSE(key->same_as(*key_from_passphrase(Secret("correct horse"), salt, dearer)));
}

TEST(KeyFromPassphrase, CostsWhatItMustAndNotMore) {
    const std::string salt(16, 's');
    for (const Argon2Cost wrong :
         {Argon2Cost{1, 64 * 1024}, Argon2Cost{2, 64 * 1024 - 1}, Argon2Cost{65, 64 * 1024},
          Argon2Cost{2, 4 * 1024 * 1024 + 1}, Argon2Cost{0, 0}}) {
        const auto key = key_from_passphrase(Secret("x"), salt, wrong);
        ASSERT_FALSE(key.ok()) << wrong.passes << " " << wrong.memory_kib;
        EXPECT_EQ(key.error().id, ErrorId::secrets_key);
    }
    EXPECT_EQ(key_from_passphrase(Secret(), salt, least_argon2).error().id, ErrorId::secrets_key);
    EXPECT_EQ(key_from_passphrase(Secret("x"), "short", least_argon2).error().id, ErrorId::secrets_key);
}

}  // namespace
}  // namespace mullion::crypto
