#include "crypto/wiped_free.h"

#include <malloc.h>
#include <openssl/crypto.h>

#include <cstdlib>
#include <cstring>

#include "core/secret.h"

namespace mullion::crypto {
namespace {

thread_local bool wipes = false;

void* take(std::size_t size, const char*, int) {
    return std::malloc(size);
}

void give_back(void* block, const char*, int) {
    if (wipes && block != nullptr) wipe_memory(block, ::malloc_usable_size(block));
    std::free(block);
}

void* resize(void* block, std::size_t size, const char* file, int line) {
    if (!wipes || block == nullptr) return std::realloc(block, size);
    const std::size_t had = ::malloc_usable_size(block);
    if (size != 0 && size <= had) return block;  // Nothing moves, so nothing is left.
    void* const moved = size == 0 ? nullptr : std::malloc(size);
    if (size != 0 && moved == nullptr) return nullptr;
    if (moved != nullptr) std::memcpy(moved, block, had);
    give_back(block, file, line);
    return moved;
}

}  // namespace

bool take_openssl_memory() noexcept {
    return CRYPTO_set_mem_functions(take, resize, give_back) == 1;
}

WipesFreed::WipesFreed() noexcept {
    wipes = true;
}
WipesFreed::~WipesFreed() {
    wipes = false;
}

}  // namespace mullion::crypto
