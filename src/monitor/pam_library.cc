#include "monitor/pam_library.h"

#include <dlfcn.h>
#include <fmt/core.h>

#include "os/pam_service.h"

namespace mullion::monitor {
namespace {

constexpr const char* library_file = os::pam_library;

template <class Function>
bool find(void* handle, const char* name, Function& function) {
    function = reinterpret_cast<Function>(dlsym(handle, name));
    return function != nullptr;
}

}  // namespace

Result<PamLibrary> load_pam() {
    void* const handle = dlopen(library_file, RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
        const char* const why = dlerror();
        return Error(ErrorId::serve_pam, fmt::format("loading {}: {}", library_file, why ? why : "unknown"));
    }
    PamLibrary found;
    const bool whole =
        find(handle, "pam_start", found.start) && find(handle, "pam_end", found.end) &&
        find(handle, "pam_set_item", found.set_item) && find(handle, "pam_get_item", found.get_item) &&
        find(handle, "pam_authenticate", found.authenticate) &&
        find(handle, "pam_acct_mgmt", found.account) && find(handle, "pam_setcred", found.set_credentials) &&
        find(handle, "pam_open_session", found.open_session) &&
        find(handle, "pam_close_session", found.close_session) &&
        find(handle, "pam_getenvlist", found.environment) && find(handle, "pam_strerror", found.text);
    if (!whole) return Error(ErrorId::serve_pam, fmt::format("{} lacks a function", library_file));
    return found;
}

}  // namespace mullion::monitor
