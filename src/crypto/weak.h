// MD4, MD5, HMAC-MD5 and RC4: what NTLM is made of, and what nothing else may use. No allocation, no look-up
// of an algorithm: a sealed message costs its bytes. All that was keyed is wiped. MD4 and MD5 are OpenSSL's.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace mullion::crypto {

using WeakDigest = std::array<char, 16>;
[[nodiscard]] inline std::string_view view(const WeakDigest& digest) {
    return {digest.data(), digest.size()};
}

// Of all parts, one behind the other.
[[nodiscard]] WeakDigest md4(std::initializer_list<std::string_view> parts);
[[nodiscard]] WeakDigest md5(std::initializer_list<std::string_view> parts);
[[nodiscard]] WeakDigest hmac_md5(std::string_view key, std::initializer_list<std::string_view> parts);

class Rc4;

// Keyed once, for many messages: each begins from the two states that the key left (RFC 2104 4).
class HmacMd5 {
public:
    explicit HmacMd5(std::string_view key);
    ~HmacMd5();
    HmacMd5(const HmacMd5&) = delete;
    HmacMd5& operator=(const HmacMd5&) = delete;

    void add(std::string_view bytes);
    // Of all that was added since the last one.
    [[nodiscard]] WeakDigest finish();

private:
    friend void decrypt_and_add(Rc4& cipher, HmacMd5& checksum, char* bytes, std::size_t size);
    friend void add_and_encrypt(Rc4& cipher, HmacMd5& checksum, char* bytes, std::size_t size);
    struct alignas(8) State {
        std::array<unsigned char, 96> bytes;  // OpenSSL's, whose type stays in this room.
    };
    State inner_;
    State outer_;
    State now_;
};

class Rc4 {
public:
    explicit Rc4(std::string_view key);
    ~Rc4();
    Rc4(const Rc4&) = delete;
    Rc4& operator=(const Rc4&) = delete;

    // Begins anew, with another key or the same.
    void key(std::string_view key);
    // Encrypts or decrypts in place with what comes next of the key stream.
    void apply(char* bytes, std::size_t size);

private:
    friend void decrypt_and_add(Rc4& cipher, HmacMd5& checksum, char* bytes, std::size_t size);
    friend void add_and_encrypt(Rc4& cipher, HmacMd5& checksum, char* bytes, std::size_t size);
    struct State {
        std::uint32_t x = 0;
        std::uint32_t y = 0;
        std::array<std::uint32_t, 256> box;  // Of bytes; whole registers are read and written faster.
    };
    State state_;
};

// Both over the same bytes, in place: the checksum goes over what is in clear. It takes little more than one
// of the two alone, since each waits for its own last result most of the time, and the other works meanwhile.
void decrypt_and_add(Rc4& cipher, HmacMd5& checksum, char* bytes, std::size_t size);
void add_and_encrypt(Rc4& cipher, HmacMd5& checksum, char* bytes, std::size_t size);

}  // namespace mullion::crypto
