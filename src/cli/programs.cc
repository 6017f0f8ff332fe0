#include "cli/programs.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "cli/exit_status.h"

namespace mullion::cli {

Result<std::string> find_program(const std::string& name) {
    std::error_code problem;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", problem);
    if (problem)
        return Error{ErrorId::usage_file,
                     fmt::format("find {}: /proc/self/exe: {}", name, problem.message())};
    const auto folder = self.parent_path();
    const std::string beside = folder / name;
    const std::string apart = folder.parent_path() / "libexec/mullion" / name;
    for (const auto& path : {beside, apart})
        if (access(path.c_str(), X_OK) == 0) return path;
    return Error{ErrorId::usage_file, fmt::format("{} is neither {} nor {}", name, beside, apart)};
}

int become_program(const std::string& name, const char* const* words) {
    const auto path = find_program(name);
    if (!path.ok()) {
        fmt::print(stderr, "mullion: {}\n", path.error().message());
        return exit_status::usage;
    }
    execv(path->c_str(), const_cast<char* const*>(words));  // NOLINT: execv takes what it does not change.
    fmt::print(stderr, "mullion: {}: {}\n", *path, std::strerror(errno));
    return exit_status::usage;
}

}  // namespace mullion::cli
