#include "kerberos/library.h"

#include <dlfcn.h>

#include <fmt/core.h>

#include <atomic>
#include <cassert>
#include <mutex>

namespace mullion::kerberos {
namespace {

// Handles are kept for good: both libraries have keys of threads, whose destructors must not vanish.
Result<void*> open(const char* file) {
    if (void* handle = dlopen(file, RTLD_NOW | RTLD_LOCAL)) return handle;
    const char* reason = dlerror();
    return Error(ErrorId::kerberos_library,
                 fmt::format("loading {}: {}", file, reason != nullptr ? reason : "no reason given"));
}

template <class Function>
Result<void> find(void* handle, const char* file, const char* name, Function& function) {
    void* address = dlsym(handle, name);
    if (address == nullptr) return Error(ErrorId::kerberos_library, fmt::format("{} has no {}", file, name));
    function = reinterpret_cast<Function>(address);
    return {};
}

std::atomic<const Library*> table = nullptr;

}  // namespace

Result<Library> load_library(const char* krb5, const char* gssapi) {
    MULLION_ASSIGN(void* const krb5_handle, open(krb5));
    MULLION_ASSIGN(void* const gssapi_handle, open(gssapi));
    Library found;
#define MULLION_KRB5(function) MULLION_TRY(find(krb5_handle, krb5, #function, found.function));
#define MULLION_GSS(function) MULLION_TRY(find(gssapi_handle, gssapi, #function, found.function));
#include "kerberos/library_functions.def"
#undef MULLION_KRB5
#undef MULLION_GSS
    return found;
}

Result<const Library*> library() {
    if (const auto* found = table.load(std::memory_order_acquire)) return found;
    static std::mutex mutex;
    static Library kept;
    const std::lock_guard lock(mutex);
    if (const auto* found = table.load(std::memory_order_relaxed)) return found;
    MULLION_ASSIGN(kept, load_library("libkrb5.so.3", "libgssapi_krb5.so.2"));
    table.store(&kept, std::memory_order_release);
    return &kept;
}

const Library& loaded_library() {
    const auto* found = table.load(std::memory_order_acquire);
    assert(found != nullptr);
    return *found;
}

std::string message_of(const Library& library, krb5_context context, krb5_error_code code) {
    const char* text = library.krb5_get_error_message(context, code);
    std::string message = text != nullptr ? text : fmt::format("code {}", code);
    if (text != nullptr) library.krb5_free_error_message(context, text);
    // Parts of it are a KDC's own words.
    for (auto& character : message) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte < 0x20 || byte == 0x7f) character = ' ';
    }
    if (message.size() > 500) message.resize(500);
    return message;
}

}  // namespace mullion::kerberos
