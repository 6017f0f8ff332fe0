#include "gss/library.h"

#include <dlfcn.h>

#include <string>

namespace mullion::gss {
namespace {

constexpr const char* file_name = "libgssapi_krb5.so.2";  // Its interface's version; MIT keeps it.

Library loaded{};

// Collects the first thing that was not there.
struct Finder {
    void* handle;
    std::string failure;

    template <class Function>
    void function(const char* name, Function& into) {
        into = reinterpret_cast<Function>(symbol(name));
    }
    void object_identifier(const char* name, gss_OID& into) {
        const auto* const place = static_cast<const gss_OID*>(symbol(name));
        into = place == nullptr ? nullptr : *place;
    }
    void* symbol(const char* name) {
        void* const found = dlsym(handle, name);
        if (found == nullptr && failure.empty()) failure = std::string(file_name) + " has no " + name;
        return found;
    }
};

// Empty, or what failed.
std::string load_into(Library& library) {
    void* const handle = dlopen(file_name, RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) return dlerror();  // NOLINT: of this thread
    Finder find{handle, {}};
    find.function("gss_accept_sec_context", library.accept_sec_context);
    find.function("gss_acquire_cred_from", library.acquire_cred_from);
    find.function("gss_delete_sec_context", library.delete_sec_context);
    find.function("gss_display_name", library.display_name);
    find.function("gss_display_status", library.display_status);
    find.function("gss_import_name", library.import_name);
    find.function("gss_init_sec_context", library.init_sec_context);
    find.function("gss_inquire_sec_context_by_oid", library.inquire_sec_context_by_oid);
    find.function("gss_release_buffer", library.release_buffer);
    find.function("gss_release_buffer_set", library.release_buffer_set);
    find.function("gss_release_cred", library.release_cred);
    find.function("gss_release_name", library.release_name);
    find.function("gss_set_neg_mechs", library.set_neg_mechs);
    find.function("gss_unwrap", library.unwrap);
    find.function("gss_wrap", library.wrap);
    find.object_identifier("GSS_C_NT_USER_NAME", library.user_name);
    find.object_identifier("GSS_C_NT_HOSTBASED_SERVICE", library.hostbased_service);
    return find.failure;
}

}  // namespace

Result<void> load_library() {
    static const std::string failure = load_into(loaded);
    if (!failure.empty()) return Error(ErrorId::auth_gss, "load GSSAPI: " + failure);
    return {};
}

const Library& library() {
    return loaded;
}

}  // namespace mullion::gss
