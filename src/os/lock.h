// One process at a time per state directory.
#pragma once

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

private:
    explicit LockFile(UniqueFd file) : file_(std::move(file)) {}
    UniqueFd file_;
};

}  // namespace mullion::os
