// Files and folders of the state directory: read with a limit, written whole or not at all.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"

namespace mullion::os {

// Owns a descriptor.
class UniqueFd {
public:
    UniqueFd() = default;
    explicit UniqueFd(int descriptor) noexcept : descriptor_(descriptor) {}
    UniqueFd(UniqueFd&& other) noexcept : descriptor_(other.release()) {}
    UniqueFd& operator=(UniqueFd&& other) noexcept;
    ~UniqueFd() { reset(); }

    [[nodiscard]] int get() const noexcept { return descriptor_; }
    explicit operator bool() const noexcept { return descriptor_ >= 0; }
    [[nodiscard]] int release() noexcept { return std::exchange(descriptor_, -1); }
    void reset() noexcept;

private:
    int descriptor_ = -1;
};

// An error whose detail reads "WHAT: the system's text for NUMBER". The numbers that say more than `id` does
// have ids of their own: net.descriptors (EMFILE), and of state.directory state.full, state.read_only and
// state.disk.
[[nodiscard]] Error system_error(ErrorId id, std::string_view what, int number);

// The whole file. Errors: usage.file (also for a file over the limit, and for what is no regular file).
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t limit);

// A file whose words give rights, in a folder that somebody else may own: a regular file with one name, no
// symbolic link, of `owner`'s, that nobody else can write. What was opened is what is looked at. Errors:
// state.directory
[[nodiscard]] Result<std::string> read_trusted_file(const std::string& path, uid_t owner, std::size_t limit);

// A file beside it is written, synced and renamed over it: readers see the old bytes or the new, also after a
// power cut. Errors: state.directory
[[nodiscard]] Result<void> write_file_atomic(const std::string& path, std::string_view bytes,
                                             mode_t mode = 0600);

// Removes what writers that were killed left in that folder; files that are being written now stay. What
// cannot be removed stays as well: it is of no use to anybody.
void remove_unfinished(const std::string& folder);

// Makes the folder with exactly this mode; one that exists is left as it is. Errors: state.directory
[[nodiscard]] Result<void> make_directory(const std::string& path, mode_t mode = 0700);

// A folder (no symbolic link) that belongs to `owner` and gives group and others nothing. Errors:
// state.directory
[[nodiscard]] Result<void> check_private_directory(const std::string& path, uid_t owner);

[[nodiscard]] bool file_exists(const std::string& path);

}  // namespace mullion::os
