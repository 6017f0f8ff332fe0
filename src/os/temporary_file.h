// A file that other programs read for as long as this one lives.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"
#include "os/file.h"

namespace mullion::os {

// It goes with the object. Whoever is killed leaves it behind, without the lock on it by which the next one
// with the same prefix tells: such files of the same account are removed when another is made.
class TemporaryFile {
public:
    // FOLDER/PREFIXxxxxxx, complete. The folder may be anybody's to write into (/tmp). Errors: usage.file
    [[nodiscard]] static Result<TemporaryFile> make(const std::string& folder, std::string_view prefix,
                                                    std::string_view bytes, mode_t mode);
    TemporaryFile(TemporaryFile&& other) noexcept
        : path_(std::exchange(other.path_, {})), file_(std::move(other.file_)) {}
    TemporaryFile& operator=(TemporaryFile&&) = delete;
    ~TemporaryFile();

    [[nodiscard]] const std::string& path() const { return path_; }

private:
    TemporaryFile(std::string path, UniqueFd file) : path_(std::move(path)), file_(std::move(file)) {}

    std::string path_;
    UniqueFd file_;  // Locked.
};

}  // namespace mullion::os
