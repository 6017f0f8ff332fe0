#include "crypto/aead.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "encoding/hex.h"

namespace mullion::crypto {
namespace {

using encoding::from_hex;
using encoding::to_hex;

// Gives what it was made with.
class Fixed final : public Random {
public:
    explicit Fixed(std::string bytes) : bytes_(std::move(bytes)) {}
    void fill(std::span<std::uint8_t> bytes) override {
        ASSERT_EQ(bytes.size(), bytes_.size());
        std::copy(bytes_.begin(), bytes_.end(), bytes.begin());
    }

private:
    std::string bytes_;
};

struct Vector {
    const char *key, *nonce, *clear, *additional, *text, *tag;
};

// NIST CAVP, gcmEncryptExtIV256.rsp: the first of each of four lengths; and the last two of the cases 13 to
// 16 of "The Galois/Counter Mode of Operation (GCM)", which have additional data.
constexpr Vector vectors[] = {
    {"31bdadd96698c204aa9ce1448ea94ae1fb4a9a0b3c9d773b51bb1822666b8f22", "0d18e06c7c725ac9e362e1ce",
     "2db5168e932556f8089a0622981d017d", "", "fa4362189661d163fcd6a56d8bf0405a",
     "d636ac1bbedd5cc3ee727dc2ab4a9489"},
    {"e5a0eb92cc2b064e1bc80891faf1fab5e9a17a9c3a984e25416720e30e6c2b21", "4742357c335913153ff0eb0f",
     "8499893e16b0ba8b007d54665a", "", "eb8e6175f1fe38eb1acf95fd51", "88a8b74bb74fda553e91020a23deed45"},
    {"37f39137416bafde6f75022a7a527cc593b6000a83ff51ec04871a0ff5360e4e", "a291484c3de8bec6b47f525f",
     "fafd94cede8b5a0730394bec68a8e77dba288d6ccaa8e1563a81d6e7ccc7fc97", "",
     "44dc868006b21d49284016565ffb3979cc4271d967628bf7cdaf86db888e92e5", "01a2b578aa2f41ec6379a44a31cc019c"},
    {"595f259c55abe00ae07535ca5d9b09d6efb9f7e9abb64605c337acbd6b14fc7e", "92f258071d79af3e63672285",
     "a6fee33eb110a2d769bbc52b0f36969c287874f665681477a25fc4c48015c541fbe2394133ba490a34ee2dd67b898177849a91",
     "",
     "bbca4a9e09ae9690c0f6f8d405e53dccd666aa9c5fa13c8758bc30abe1ddd1bcce0d36a1eaaaaffef20cd3c5970b9673f8a65c",
     "26ccecb9976fd6ac9c2c0f372c52c821"},
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "", "",
     "", "530f8afbc74536b9a963b4f1c4cb738b"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf"
     "5aa0de657"
     "ba637b39",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6"
     "393ba7a0a"
     "bcc9f662",
     "76fc6ece0f4e1768cddf8853bb2d551b"},
};

TEST(Aead, FollowsThePublishedVectors) {
    for (const auto& vector : vectors) {
        const Secret key(*from_hex(vector.key));
        Fixed nonce(*from_hex(vector.nonce));
        const auto additional = *from_hex(vector.additional);
        const auto sealed = seal(key, additional, Secret(*from_hex(vector.clear)), nonce);
        EXPECT_EQ(to_hex(sealed), std::string(vector.nonce) + vector.text + vector.tag);
        const auto opened = unseal(key, additional, sealed);
        ASSERT_TRUE(opened.has_value());
        EXPECT_EQ(to_hex(opened->expose()), vector.clear);
    }
}

TEST(Aead, OpensNothingThatWasTouched) {
    const Secret key = new_aead_key(system_random());
    const auto sealed = seal(key, "who", Secret("what is in it"), system_random());
    ASSERT_TRUE(unseal(key, "who", sealed).has_value());
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        auto touched = sealed;
        touched[bit / 8] = static_cast<char>(touched[bit / 8] ^ (1 << bit % 8));
        EXPECT_FALSE(unseal(key, "who", touched).has_value()) << bit;
    }
    for (std::size_t size = 0; size < sealed.size(); ++size)
        EXPECT_FALSE(unseal(key, "who", std::string_view(sealed).substr(0, size)).has_value()) << size;
    EXPECT_FALSE(unseal(key, "who", sealed + '\0').has_value());
    EXPECT_FALSE(unseal(key, "whom", sealed).has_value());
    EXPECT_FALSE(unseal(key, "", sealed).has_value());
    EXPECT_FALSE(unseal(new_aead_key(system_random()), "who", sealed).has_value());
}

TEST(Aead, VouchesForWhatIsNotSecret) {
    const Secret key = new_aead_key(system_random());
    const auto mark = seal(key, "a record", Secret(), system_random());
    EXPECT_EQ(mark.size(), aead_overhead);
    EXPECT_TRUE(unseal(key, "a record", mark).has_value());
    EXPECT_FALSE(unseal(key, "another", mark).has_value());
}

TEST(Aead, DrawsANonceForEach) {
    const Secret key = new_aead_key(system_random());
    EXPECT_NE(seal(key, "", Secret("a"), system_random()), seal(key, "", Secret("a"), system_random()));
}

TEST(AeadDeathTest, DoesNotGoOnWithAShortKey) {
    EXPECT_DEATH((void)seal(Secret("short"), "", Secret("a"), system_random()), "");
    EXPECT_DEATH((void)unseal(Secret(), "", std::string(40, 'x')), "");
}

}  // namespace
}  // namespace mullion::crypto
