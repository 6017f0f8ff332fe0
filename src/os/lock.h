// One process at a time per state directory.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "core/result.h"
#include "os/file.h"

namespace mullion::os {

// Holds an exclusive lock on a file for as long as it lives; the kernel lets go when the process ends,
// however it ends. The file stays, with the holder's pid in it for people to read.
class LockFile {
public:
    // Errors: state.locked (names the holder's pid), state.directory
    [[nodiscard]] static Result<LockFile> acquire(const std::string& path);

    // The process that holds it; nothing: nobody does, or the file is not there. It is held, for a moment and
    // shared, to find out. Errors: state.directory
    [[nodiscard]] static Result<std::optional<pid_t>> holder(const std::string& path);

private:
    explicit LockFile(UniqueFd file) : file_(std::move(file)) {}
    UniqueFd file_;
};

}  // namespace mullion::os
