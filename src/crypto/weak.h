// MD4, MD5, HMAC-MD5 and RC4: what NTLM is made of, and what nothing else may use. No allocation, no look-up
// of an algorithm: a sealed message costs its bytes. All that was keyed is wiped.
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
    struct alignas(8) State {
        std::array<unsigned char, 1032> bytes;
    };
    State state_;
};

}  // namespace mullion::crypto
