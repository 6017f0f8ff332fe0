#include "cli/confinement.h"

#include <fmt/core.h>

#include <cstdlib>

#include "os/confine.h"
#include "os/system_calls.h"
#include "os/user.h"

#if defined(__SANITIZE_ADDRESS__)
#define MULLION_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MULLION_SANITIZED
#endif
#endif

namespace mullion::cli {
namespace {

// At its end a build with the address sanitizer makes a process that traces it, to look for leaks.
#ifdef MULLION_SANITIZED
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

}  // namespace

void Confinement::take_files(const std::string& state, const std::string& keytab) {
    if (!wanted_ || !os::is_root()) return;
    os::View view{{state}, {}};
    if (!keytab.empty()) view.readable.push_back(keytab);
    // MIT krb5 reads these when it is asked for the first time.
    for (const char* const variable : {"KRB5_CONFIG", "KRB5_KTNAME", "KRB5RCACHENAME"})
        if (const char* const path = std::getenv(variable)) view.readable.emplace_back(path);
    auto done = os::confine_view(view);
    if (done.ok())
        files_ = std::move(*done);
    else
        log_.warning("the network process keeps the machine's mounts: {}", done.error().message());
}

Result<void> Confinement::take_system_calls() {
    if (!wanted_) {
        log_.warning(
            "--no-sandbox: the network process may use every system call, and sees all files of the machine");
        return {};
    }
    if (sanitized) {
        log_.info("the network process: every system call, for the sanitizer; {}", files_);
        return {};
    }
    auto left = os::limit_system_calls();
    if (!left.ok()) {
        left.error().advice.emplace_back("A kernel without seccomp: --no-sandbox serves without it.");
        return std::move(left).error();
    }
    log_.info("the network process: {} system calls are left to it; {}", *left, files_);
    return {};
}

}  // namespace mullion::cli
