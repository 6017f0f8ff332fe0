#include "aws/libcurl.h"

#include <dlfcn.h>
#include <fmt/core.h>
#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "core/secret.h"

namespace mullion::aws {
namespace {

Error cannot(std::string what) {
    Error error(ErrorId::aws_unreachable, std::move(what));
    error.advice.emplace_back("Install libcurl with OpenSSL (Debian: libcurl4).");
    return error;
}

void give_back(void* block) {
    if (block != nullptr) wipe_memory(block, ::malloc_usable_size(block));
    std::free(block);
}

void* resize(void* block, std::size_t size) {
    if (block == nullptr) return std::malloc(size);
    const auto had = ::malloc_usable_size(block);
    if (size != 0 && size <= had) return block;  // Nothing moves, so nothing is left.
    void* const moved = std::malloc(size);
    if (moved == nullptr) return nullptr;
    std::memcpy(moved, block, std::min(had, size));
    give_back(block);
    return moved;
}

char* duplicate(const char* text) {
    const auto size = std::strlen(text) + 1;
    auto* const copy = static_cast<char*>(std::malloc(size));
    if (copy != nullptr) std::memcpy(copy, text, size);
    return copy;
}

std::atomic<const Libcurl*> table = nullptr;

}  // namespace

Result<Libcurl> load_libcurl(const char* file) {
    // The handle is kept for good: it has keys of threads, whose destructors must not vanish.
    void* const handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
        const char* const reason = dlerror();
        return cannot(fmt::format("loading {}: {}", file, reason != nullptr ? reason : "no reason given"));
    }
    Libcurl found;
#define MULLION_CURL(function)                                                          \
    found.function = reinterpret_cast<decltype(&::function)>(dlsym(handle, #function)); \
    if (found.function == nullptr) return cannot(fmt::format("{} has no {}", file, #function));
#include "aws/libcurl_functions.def"
#undef MULLION_CURL
    return found;
}

Result<const Libcurl*> libcurl() {
    if (const auto* const found = table.load(std::memory_order_acquire)) return found;
    static std::mutex mutex;
    static Libcurl kept;
    const std::lock_guard lock(mutex);
    if (const auto* const found = table.load(std::memory_order_relaxed)) return found;
    MULLION_ASSIGN(kept, load_libcurl("libcurl.so.4"));
    const auto status = kept.curl_global_init_mem(CURL_GLOBAL_DEFAULT, std::malloc, give_back, resize,
                                                  duplicate, std::calloc);
    if (status != CURLE_OK) return cannot(fmt::format("libcurl: {}", kept.curl_easy_strerror(status)));
    table.store(&kept, std::memory_order_release);
    return &kept;
}

}  // namespace mullion::aws
