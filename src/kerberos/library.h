// MIT krb5, loaded when the first log-on needs it (ADR 0010): what does not use Kerberos neither waits for
// its libraries nor needs them installed. A member of the table bears the function's own name and type.
#pragma once

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <krb5.h>
#include <profile.h>

#include <string>

#include "core/result.h"

namespace mullion::kerberos {

struct Library {
#define MULLION_KRB5(function) decltype(&::function) function = nullptr;
#define MULLION_GSS(function) decltype(&::function) function = nullptr;
#include "kerberos/library_functions.def"
#undef MULLION_KRB5
#undef MULLION_GSS
};

// The table of this process; it is never unloaded. Thread-safe; the first call may block on the disk. Errors:
// kerberos.library, which names the file and what the loader says. A failure is not kept: the next call tries
// again.
[[nodiscard]] Result<const Library*> library();

// For code that holds what only a loaded library can have made.
[[nodiscard]] const Library& loaded_library();

// The same from other files, for tests. Errors: kerberos.library
[[nodiscard]] Result<Library> load_library(const char* krb5, const char* gssapi);

// What the library says of `code`, with what it kept for this context; control characters are taken out.
[[nodiscard]] std::string message_of(const Library& library, krb5_context context, krb5_error_code code);

}  // namespace mullion::kerberos
