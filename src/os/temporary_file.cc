#include "os/temporary_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>

namespace mullion::os {
namespace {

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

Error failed(const std::string& path, int number) {
    return system_error(ErrorId::usage_file, path, number);
}

bool is_left_behind(int file) {
    struct stat about {};
    return ::fstat(file, &about) == 0 && S_ISREG(about.st_mode) && about.st_uid == ::geteuid() &&
           ::flock(file, LOCK_EX | LOCK_NB) == 0;
}

void remove_left_behind(const std::string& folder, std::string_view prefix) {
    const std::unique_ptr<DIR, CloseFolder> listing(::opendir(folder.c_str()));
    while (const dirent* entry = listing ? ::readdir(listing.get()) : nullptr) {
        if (!std::string_view(entry->d_name).starts_with(prefix)) continue;
        const auto path = fmt::format("{}/{}", folder, entry->d_name);
        const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
        if (file && is_left_behind(file.get())) ::unlink(path.c_str());
    }
}

// 0, or errno.
int fill(int file, std::string_view bytes, mode_t mode) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::fchmod(file, mode) == 0 ? 0 : errno;
}

}  // namespace

Result<TemporaryFile> TemporaryFile::make(const std::string& folder, std::string_view prefix,
                                          std::string_view bytes, mode_t mode) {
    remove_left_behind(folder, prefix);
    for (;;) {
        auto path = fmt::format("{}/{}XXXXXX", folder, prefix);
        UniqueFd file(::mkostemp(path.data(), O_CLOEXEC));
        if (!file) return failed(path, errno);
        // Between the two somebody else may have taken it for one that is left behind.
        if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) continue;
        struct stat about {};
        if (::fstat(file.get(), &about) != 0) return failed(path, errno);
        if (about.st_nlink == 0) continue;
        TemporaryFile made(std::move(path), std::move(file));
        if (const int problem = fill(made.file_.get(), bytes, mode); problem != 0)
            return failed(made.path_, problem);
        return made;
    }
}

TemporaryFile::~TemporaryFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
}

}  // namespace mullion::os
