// GSSAPI, loaded when it is first needed: with the libraries that it brings along it is a fifth of the start
// of a process that logs on with Basic and never calls it. Nothing here links to it.
#pragma once

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

#include "core/result.h"

namespace mullion::gss {

// Its functions by their names without "gss_", and what it names services and users by.
struct Library {
    decltype(&::gss_accept_sec_context) accept_sec_context;
    decltype(&::gss_acquire_cred_from) acquire_cred_from;
    decltype(&::gss_delete_sec_context) delete_sec_context;
    decltype(&::gss_display_name) display_name;
    decltype(&::gss_display_status) display_status;
    decltype(&::gss_import_name) import_name;
    decltype(&::gss_init_sec_context) init_sec_context;
    decltype(&::gss_inquire_sec_context_by_oid) inquire_sec_context_by_oid;
    decltype(&::gss_release_buffer) release_buffer;
    decltype(&::gss_release_buffer_set) release_buffer_set;
    decltype(&::gss_release_cred) release_cred;
    decltype(&::gss_release_name) release_name;
    decltype(&::gss_set_neg_mechs) set_neg_mechs;
    decltype(&::gss_unwrap) unwrap;
    decltype(&::gss_wrap) wrap;
    gss_OID user_name;          // GSS_C_NT_USER_NAME
    gss_OID hostbased_service;  // GSS_C_NT_HOSTBASED_SERVICE
};

// Before anything else of the room touches the library; any thread. It stays loaded: contexts may live to the
// end. Errors: auth.gss
[[nodiscard]] Result<void> load_library();

// After load_library() succeeded.
[[nodiscard]] const Library& library();

}  // namespace mullion::gss
