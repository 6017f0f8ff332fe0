#include "cli/shell_script.h"

#include <fmt/core.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "cli/report_text.h"
#include "cli/write_all.h"

namespace mullion::cli {
namespace {

int failed(const char* step) {
    return tell(
        {ErrorId::internal_failure, fmt::format("run the script: {}: {}", step, std::strerror(errno))});
}

}  // namespace

int become_shell_script(const std::string& script, const char* word) {
    // Not closed by exec: it is what the shell reads. It opens it anew by its name, and so begins at its
    // beginning.
    const int memory = ::memfd_create("mullion-prepare", 0);
    if (memory < 0) return failed("memfd_create");
    if (!write_all(memory, script)) return failed("write");
    std::error_code problem;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", problem);
    if (!problem) ::setenv("MULLION", self.c_str(), 1);
    // Ignored signals stay ignored behind exec, and a shell's pipelines end by SIGPIPE.
    std::signal(SIGPIPE, SIG_DFL);
    std::signal(SIGXFSZ, SIG_DFL);
    const auto path = fmt::format("/dev/fd/{}", memory);
    ::execl("/bin/sh", "sh", path.c_str(), word, static_cast<char*>(nullptr));
    return failed("/bin/sh");
}

}  // namespace mullion::cli
