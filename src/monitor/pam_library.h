// libpam, loaded by the process that needs it and by no other (ADR 10, ADR 36). `mullion-monitor` itself
// never does: what a module does to its process, it does to a child.
#pragma once

#include <security/pam_appl.h>

#include "core/result.h"

namespace mullion::monitor {

struct PamLibrary {
    decltype(&::pam_start) start = nullptr;
    decltype(&::pam_end) end = nullptr;
    decltype(&::pam_set_item) set_item = nullptr;
    decltype(&::pam_get_item) get_item = nullptr;
    decltype(&::pam_authenticate) authenticate = nullptr;
    decltype(&::pam_acct_mgmt) account = nullptr;
    decltype(&::pam_setcred) set_credentials = nullptr;
    decltype(&::pam_open_session) open_session = nullptr;
    decltype(&::pam_close_session) close_session = nullptr;
    decltype(&::pam_getenvlist) environment = nullptr;
    decltype(&::pam_strerror) text = nullptr;
};

// Errors: serve.pam
[[nodiscard]] Result<PamLibrary> load_pam();

}  // namespace mullion::monitor
