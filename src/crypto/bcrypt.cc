#include "crypto/bcrypt.h"

#include <crypt.h>
#include <dlfcn.h>
#include <fmt/core.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <memory>

namespace mullion::crypto {
namespace {

constexpr const char* library_file = "libcrypt.so.1";
constexpr std::size_t whole_hash = 60;  // "$2b$10$", 22 of salt, 31 of hash.

using Crypt = char* (*)(const char* phrase, const char* setting, void* data, int size);

Result<Crypt> load() {
    // Kept for good: it has nothing to give back.
    void* const handle = dlopen(library_file, RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
        const char* const why = dlerror();
        return Error(ErrorId::usage_unsupported,
                     fmt::format("bcrypt: loading {}: {}", library_file, why != nullptr ? why : "unknown"));
    }
    const auto function = reinterpret_cast<Crypt>(dlsym(handle, "crypt_rn"));
    if (function == nullptr)
        return Error(ErrorId::usage_unsupported, fmt::format("bcrypt: {} has no crypt_rn", library_file));
    return function;
}

// crypt(3) works on it; what it leaves there is made of the password.
struct Scratch {
    crypt_data data = {};
    Scratch() = default;
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() { wipe_memory(&data, sizeof data); }
};

bool is_base64(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '/';
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

std::optional<unsigned> bcrypt_cost(std::string_view hash) {
    if (hash.size() != whole_hash || !hash.starts_with("$2") || hash[3] != '$' || hash[6] != '$')
        return std::nullopt;
    if (hash[2] != 'a' && hash[2] != 'b' && hash[2] != 'y') return std::nullopt;
    if (!is_digit(hash[4]) || !is_digit(hash[5])) return std::nullopt;
    if (!std::all_of(hash.begin() + 7, hash.end(), is_base64)) return std::nullopt;
    const auto cost = static_cast<unsigned>((hash[4] - '0') * 10 + (hash[5] - '0'));
    if (cost < 4 || cost > 31) return std::nullopt;
    return cost;
}

Result<bool> verify_bcrypt(const std::string& hash, const Secret& password) {
    static const auto crypt = load();
    if (!crypt.ok()) return crypt.error();
    const auto clear = password.expose();
    if (!bcrypt_cost(hash) || clear.find('\0') != std::string_view::npos) return false;
    const auto scratch = std::make_unique<Scratch>();
    const char* const made = (*crypt)(clear.data(), hash.c_str(), &scratch->data, sizeof scratch->data);
    if (made == nullptr)
        return Error(ErrorId::usage_unsupported, "bcrypt: this machine's libcrypt does not know it");
    return std::string_view(made).size() == hash.size() && CRYPTO_memcmp(made, hash.data(), hash.size()) == 0;
}

}  // namespace mullion::crypto
