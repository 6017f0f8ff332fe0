#include <fcntl.h>
#include <fmt/core.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "cli/config_sddl_command.h"
#include "os/file.h"
#include "os/temporary_file.h"

namespace mullion::cli {
namespace {

constexpr std::size_t largest_text = 1024 * 1024;
// The shell splits "code --wait" into words, as it does for git and crontab.
constexpr const char* start_editor = "exec ${VISUAL:-${EDITOR:-vi}} \"$1\"";

std::string temporary_folder() {
    const char* named = std::getenv("TMPDIR");
    return named != nullptr && *named == '/' ? named : "/tmp";
}

// An editor wants Ctrl-C, and to end with its terminal; this process keeps those signals for itself.
class SignalsOfItsOwn {
public:
    SignalsOfItsOwn() {
        ::posix_spawnattr_init(&attributes_);
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setsigdefault(&attributes_, &all);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    SignalsOfItsOwn(const SignalsOfItsOwn&) = delete;
    SignalsOfItsOwn& operator=(const SignalsOfItsOwn&) = delete;
    ~SignalsOfItsOwn() { ::posix_spawnattr_destroy(&attributes_); }
    [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

private:
    posix_spawnattr_t attributes_{};
};

Result<void> run_editor(const std::string& path) {
    std::array<std::string, 5> words{"/bin/sh", "-c", start_editor, "sh", path};
    std::array<char*, 6> arguments{};
    for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
    pid_t child = -1;
    const SignalsOfItsOwn signals;
    const int failure = ::posix_spawn(&child, "/bin/sh", nullptr, signals.get(), arguments.data(), environ);
    if (failure != 0) return os::system_error(ErrorId::usage_file, "start the editor", failure);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    return Error{ErrorId::usage_file,
                 fmt::format("the editor ended with {} {}; nothing was changed",
                             WIFEXITED(status) ? "status" : "signal",
                             WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status))};
}

}  // namespace

Result<std::string> edit_in_editor(const std::string& text) {
    // Editors put another file in its place, without the lock by which it is known to be in use.
    const auto prefix = fmt::format("mullion-rights-{}-", ::getpid());
    MULLION_ASSIGN(const auto file, os::TemporaryFile::make(temporary_folder(), prefix, text, 0600));
    MULLION_TRY(run_editor(file.path()));
    return os::read_file(file.path(), largest_text);
}

}  // namespace mullion::cli
