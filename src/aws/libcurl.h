// libcurl, loaded when AWS is first asked (ADR 0010, 0042): who keeps no secrets in AWS neither waits for it
// nor needs it installed. A member of the table bears the function's own name and type.
#pragma once

#include <curl/curl.h>

#include "core/result.h"

namespace mullion::aws {

struct Libcurl {
#define MULLION_CURL(function) decltype(&::function) function = nullptr;
#include "aws/libcurl_functions.def"
#undef MULLION_CURL
};

// The table of this process, initialised; it is never unloaded. What libcurl gives back of its memory is
// wiped: it had keys in it. Thread-safe; the first call may block on the disk. Errors: aws.unreachable, which
// names the file and what the loader says; a failure is not kept.
[[nodiscard]] Result<const Libcurl*> libcurl();

// The same from another file, for tests, and not initialised. Errors: aws.unreachable
[[nodiscard]] Result<Libcurl> load_libcurl(const char* file);

}  // namespace mullion::aws
