// OpenSSL's low-level functions. They are deprecated, but its own alternative, EVP, looks the algorithm up
// and allocates for each message, and has MD4 and RC4 in a provider of their own only.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/weak.h"

#include <openssl/md4.h>
#include <openssl/md5.h>

#include <cassert>
#include <new>
#include <numeric>
#include <type_traits>
#include <utility>

#include "core/secret.h"
#include "crypto/rc4_step.h"

namespace mullion::crypto {
namespace {

constexpr std::size_t kBlock = MD5_CBLOCK;

unsigned char* octets(char* bytes) {
    return reinterpret_cast<unsigned char*>(bytes);
}

// The low-level functions of this version cannot fail: they always return 1.
template <class Context, auto init, auto update, auto final>
WeakDigest digest(std::initializer_list<std::string_view> parts) {
    Context context;
    init(&context);
    for (const auto part : parts) update(&context, part.data(), part.size());
    WeakDigest out;
    final(octets(out.data()), &context);
    wipe_memory(&context, sizeof context);
    return out;
}

template <class Real, class State>
Real* real(State& state) {
    static_assert(sizeof(Real) <= sizeof(State) && alignof(Real) <= alignof(State));
    static_assert(std::is_trivially_copyable_v<Real> && std::is_trivially_destructible_v<Real>);
    return std::launder(reinterpret_cast<Real*>(state.bytes.data()));
}

}  // namespace

WeakDigest md4(std::initializer_list<std::string_view> parts) {
    return digest<MD4_CTX, MD4_Init, MD4_Update, MD4_Final>(parts);
}
WeakDigest md5(std::initializer_list<std::string_view> parts) {
    return digest<MD5_CTX, MD5_Init, MD5_Update, MD5_Final>(parts);
}
WeakDigest hmac_md5(std::string_view key, std::initializer_list<std::string_view> parts) {
    HmacMd5 keyed(key);
    for (const auto part : parts) keyed.add(part);
    return keyed.finish();
}

HmacMd5::HmacMd5(std::string_view key) {
    std::array<char, kBlock> block{};
    WeakDigest shorter{};
    if (key.size() > kBlock) {
        shorter = md5({key});
        key = view(shorter);
    }
    const auto start = [&block, key](State& state, char pad) {
        block.fill(pad);
        for (std::size_t i = 0; i < key.size(); ++i) block[i] = static_cast<char>(block[i] ^ key[i]);
        auto* const context = new (state.bytes.data()) MD5_CTX;
        MD5_Init(context);
        MD5_Update(context, block.data(), block.size());
    };
    start(inner_, 0x36);
    start(outer_, 0x5c);
    now_ = inner_;
    wipe_memory(block.data(), block.size());
    wipe_memory(shorter.data(), shorter.size());
}

HmacMd5::~HmacMd5() {
    wipe_memory(&inner_, sizeof inner_);
    wipe_memory(&outer_, sizeof outer_);
    wipe_memory(&now_, sizeof now_);
}

void HmacMd5::add(std::string_view bytes) {
    MD5_Update(real<MD5_CTX>(now_), bytes.data(), bytes.size());
}

WeakDigest HmacMd5::finish() {
    WeakDigest out;
    MD5_Final(octets(out.data()), real<MD5_CTX>(now_));
    now_ = outer_;
    MD5_Update(real<MD5_CTX>(now_), out.data(), out.size());
    MD5_Final(octets(out.data()), real<MD5_CTX>(now_));
    now_ = inner_;
    return out;
}

Rc4::Rc4(std::string_view key) {
    this->key(key);
}

Rc4::~Rc4() {
    wipe_memory(&state_, sizeof state_);
}

void Rc4::key(std::string_view key) {
    assert(!key.empty() && key.size() <= 256);
    state_.x = state_.y = 0;
    std::iota(state_.box.begin(), state_.box.end(), 0U);
    std::uint32_t j = 0;
    for (std::size_t i = 0; i < state_.box.size(); ++i) {
        j = (j + state_.box[i] + static_cast<unsigned char>(key[i % key.size()])) & 0xff;
        std::swap(state_.box[i], state_.box[j]);
    }
}

void Rc4::apply(char* bytes, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) rc4_step(state_.x, state_.y, state_.box.data(), bytes[i]);
}

}  // namespace mullion::crypto
