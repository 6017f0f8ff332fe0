#include "crypto/weak.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "encoding/hex.h"

namespace mullion::crypto {
namespace {

std::string hex(const WeakDigest& digest) {
    return encoding::to_hex(view(digest));
}
std::string bytes(std::string_view hex) {
    return encoding::from_hex(hex).value();
}

TEST(Md4, FollowsTheVectorsOfRfc1320) {
    EXPECT_EQ(hex(md4({""})), "31d6cfe0d16ae931b73c59d7e0c089c0");
    EXPECT_EQ(hex(md4({"abc"})), "a448017aaf21d8525fc10ae87aa6729d");
    EXPECT_EQ(hex(md4({"message ", "digest"})), "d9130a8164549fe818874806e1c7014b");
    EXPECT_EQ(
        hex(md4({"1234567890123456789012345678901234567890", "1234567890123456789012345678901234567890"})),
        "e33b4ddc9c38f2199c3e7b164fcc0536");
}

TEST(Md5, FollowsTheVectorsOfRfc1321) {
    EXPECT_EQ(hex(md5({""})), "d41d8cd98f00b204e9800998ecf8427e");
    EXPECT_EQ(hex(md5({"abc"})), "900150983cd24fb0d6963f7d28e17f72");
    EXPECT_EQ(hex(md5({"message", "", " digest"})), "f96b697d7cb7938d525a2f31aaf161d0");
    EXPECT_EQ(
        hex(md5({"1234567890123456789012345678901234567890", "1234567890123456789012345678901234567890"})),
        "57edf4a22be3c955ac49da2e2107b67a");
}

struct HmacVector {
    std::string key;
    std::string text;
    const char* digest;
};

// RFC 2202 2.
const HmacVector kHmacVectors[] = {
    {std::string(16, '\x0b'), "Hi There", "9294727a3638bb1c13f48ef8158bfc9d"},
    {"Jefe", "what do ya want for nothing?", "750c783e6ab0b503eaa86e310a5db738"},
    {std::string(16, '\xaa'), std::string(50, '\xdd'), "56be34521d144c88dbb8c733f0e8b3f6"},
    {bytes("0102030405060708090a0b0c0d0e0f10111213141516171819"), std::string(50, '\xcd'),
     "697eaf0aca3a3aea3a75164746ffaa79"},
    {std::string(16, '\x0c'), "Test With Truncation", "56461ef2342edc00f9bab995690efd4c"},
    {std::string(80, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
     "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd"},
    {std::string(80, '\xaa'), "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data",
     "6f630fad67cda0ee1fb1f562db3aa53e"},
};

TEST(HmacMd5, FollowsTheVectorsOfRfc2202) {
    for (const auto& vector : kHmacVectors)
        EXPECT_EQ(hex(hmac_md5(vector.key, {vector.text})), vector.digest);
}

TEST(HmacMd5, BeginsEachMessageFromTheKeyAlone) {
    for (const auto& vector : kHmacVectors) {
        HmacMd5 keyed(vector.key);
        for (int round = 0; round < 3; ++round) {
            keyed.add(std::string_view(vector.text).substr(0, 3));
            keyed.add(std::string_view(vector.text).substr(3));
            EXPECT_EQ(hex(keyed.finish()), vector.digest);
        }
    }
}

// RFC 6229 2: the key stream at the offsets 0, 16, 240 and 4096.
TEST(Rc4, FollowsTheVectorsOfRfc6229) {
    struct Vector {
        const char* key;
        std::size_t offset;
        const char* stream;
    };
    const Vector vectors[] = {
        {"0102030405", 0, "b2396305f03dc027ccc3524a0a1118a8"},
        {"0102030405", 16, "6982944f18fc82d589c403a47a0d0919"},
        {"0102030405", 4096, "ff25b58995996707e51fbdf08b34d875"},
        {"01020304050607", 0, "293f02d47f37c9b633f2af5285feb46b"},
        {"0102030405060708090a0b0c0d0e0f10", 0, "9ac7cc9a609d1ef7b2932899cde41b97"},
        {"0102030405060708090a0b0c0d0e0f10", 240, "065902e4b620f6cc36c8589f66432f2b"},
    };
    for (const auto& vector : vectors) {
        std::string stream(vector.offset + 16, '\0');
        Rc4 cipher(bytes(vector.key));
        cipher.apply(stream.data(), stream.size());
        EXPECT_EQ(encoding::to_hex(std::string_view(stream).substr(vector.offset)), vector.stream)
            << vector.key << " at " << vector.offset;
    }
}

TEST(Rc4, GoesOnWhereItWasUntilKeyedAnew) {
    const std::string key = bytes("0102030405");
    std::string whole(64, '\0');
    Rc4(key).apply(whole.data(), whole.size());
    Rc4 cipher(key);
    for (int round = 0; round < 2; ++round) {
        std::string parts(64, '\0');
        cipher.apply(parts.data(), 5);
        cipher.apply(parts.data() + 5, 0);
        cipher.apply(parts.data() + 5, 59);
        EXPECT_EQ(parts, whole);
        cipher.key(key);
    }
}

// Cipher and checksum of their own, for one after the other and for both together.
struct Ends {
    Rc4 cipher{"0123456789abcdef"};
    HmacMd5 checksum{"fedcba9876543210"};
};

std::string counted(std::size_t size) {
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 7 + i / 251);
    return text;
}

// One after the other, with OpenSSL's MD5, as it should come out.
WeakDigest apart(Ends& ends, std::string_view before, std::string& text) {
    ends.checksum.add(before);
    ends.checksum.add(text);
    ends.cipher.apply(text.data(), text.size());
    return ends.checksum.finish();
}

TEST(Together, IsWhatBothAreApart) {
    Ends one;
    Ends together;
    Ends back;
    for (std::size_t size = 0; size < 700; ++size) {
        const std::string before(size * 5 % 67, 'b');  // So that a block begins anywhere.
        const std::string clear = counted(size);
        std::string expected = clear;
        const WeakDigest digest = apart(one, before, expected);

        std::string text = clear;
        together.checksum.add(before);
        add_and_encrypt(together.cipher, together.checksum, text.data(), text.size());
        ASSERT_EQ(text, expected) << size;
        ASSERT_EQ(together.checksum.finish(), digest) << size;

        back.checksum.add(before);
        decrypt_and_add(back.cipher, back.checksum, text.data(), text.size());
        ASSERT_EQ(text, clear) << size;
        ASSERT_EQ(back.checksum.finish(), digest) << size;
    }
}

TEST(Together, GoesOnInTheMiddleOfAMessage) {
    Ends one;
    std::string expected = counted(1 << 20);
    const WeakDigest digest = apart(one, "", expected);
    Ends together;
    Ends back;
    std::string text = counted(1 << 20);
    for (std::size_t at = 0, part = 0; at < text.size(); at += part) {
        part = std::min<std::size_t>(at * 13 % 40000 + 1, text.size() - at);
        add_and_encrypt(together.cipher, together.checksum, text.data() + at, part);
    }
    EXPECT_TRUE(text == expected);
    EXPECT_EQ(together.checksum.finish(), digest);
    for (std::size_t at = 0, part = 0; at < text.size(); at += part) {
        part = std::min<std::size_t>(at * 17 % 50000 + 1, text.size() - at);
        decrypt_and_add(back.cipher, back.checksum, text.data() + at, part);
    }
    EXPECT_TRUE(text == counted(1 << 20));
    EXPECT_EQ(back.checksum.finish(), digest);
}

}  // namespace
}  // namespace mullion::crypto
