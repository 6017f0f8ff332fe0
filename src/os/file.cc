#include "os/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

namespace mullion::os {
namespace {

// In the names of files that are not whole yet.
constexpr std::string_view unfinished = ".unfinished-";

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

// The folder that holds a path, for its fsync.
std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

// 0, or errno.
int write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

// 0, or errno; the file is complete on the disk, with its final mode.
int fill_file(int descriptor, std::string_view bytes, mode_t mode) {
    if (const int failure = write_all(descriptor, bytes); failure != 0) return failure;
    if (::fchmod(descriptor, mode) != 0) return errno;
    return ::fsync(descriptor) == 0 ? 0 : errno;
}

Result<std::string> read_to_end(int descriptor, const std::string& path, std::size_t limit, ErrorId id) {
    std::string bytes;
    std::size_t used = 0;
    for (;;) {
        // Most are small, and what is filled with zeros first is memory that a short process takes.
        bytes.resize(std::min(std::max<std::size_t>(2 * used, 4096), limit + 1));
        const ssize_t got = ::read(descriptor, bytes.data() + used, bytes.size() - used);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return system_error(id, "read " + path, errno);
        used += static_cast<std::size_t>(got);
        if (used > limit) return Error(id, fmt::format("{} is over {} bytes", path, limit));
        if (got == 0) break;
    }
    bytes.resize(used);
    return bytes;
}

// What is wrong with the disk is no matter of modes and owners.
ErrorId state_error(int number) {
    switch (number) {
        case ENOSPC:
        case EDQUOT:
            return ErrorId::state_full;
        case EROFS:
            return ErrorId::state_read_only;
        case EIO:
            return ErrorId::state_disk;
        default:
            return ErrorId::state_directory;
    }
}

}  // namespace

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
    if (this != &other) {
        reset();
        descriptor_ = other.release();
    }
    return *this;
}

void UniqueFd::reset() noexcept {
    // Not again on EINTR: Linux has closed it all the same, and the number may be someone else's by then.
    if (descriptor_ >= 0) ::close(release());
}

Error system_error(ErrorId id, std::string_view what, int number) {
    if (number == EMFILE || number == ENFILE) {
        id = ErrorId::net_descriptors;
    } else if (id == ErrorId::state_directory) {
        id = state_error(number);
    }
    return {id, fmt::format("{}: {}", what, std::generic_category().message(number))};
}

Result<std::string> read_file(const std::string& path, std::size_t limit) {
    // Non-blocking, so that a FIFO in the file's place cannot hold the process.
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!file) return system_error(ErrorId::usage_file, "open " + path, errno);
    struct stat about {};
    if (::fstat(file.get(), &about) != 0) return system_error(ErrorId::usage_file, "look at " + path, errno);
    if (!S_ISREG(about.st_mode)) return Error(ErrorId::usage_file, path + " is not a regular file");

    return read_to_end(file.get(), path, limit, ErrorId::usage_file);
}

Result<std::string> read_trusted_file(const std::string& path, uid_t owner, std::size_t limit) {
    constexpr auto id = ErrorId::state_directory;
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK));
    if (!file) return system_error(id, "open " + path, errno);
    struct stat about {};
    if (::fstat(file.get(), &about) != 0) return system_error(id, "look at " + path, errno);
    if (!S_ISREG(about.st_mode)) return Error(id, path + " is not a regular file");
    if (about.st_nlink != 1) return Error(id, path + " has another name elsewhere");
    if (about.st_uid != owner) {
        return Error(id, fmt::format("{} belongs to uid {}, not to {}", path, about.st_uid, owner));
    }
    if ((about.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return Error(id, path + " can be written by others than its owner");
    return read_to_end(file.get(), path, limit, id);
}

Result<void> write_file_atomic(const std::string& path, std::string_view bytes, mode_t mode) {
    std::string beside = fmt::format("{}{}XXXXXX", path, unfinished);
    const UniqueFd file(::mkostemp(beside.data(), O_CLOEXEC));
    if (!file) return system_error(ErrorId::state_directory, "write beside " + path, errno);
    // Tells remove_unfinished that its writer is alive. Nobody else knows the name yet, so nobody holds it.
    (void)::flock(file.get(), LOCK_EX | LOCK_NB);
    int failure = fill_file(file.get(), bytes, mode);
    if (failure == 0 && ::rename(beside.c_str(), path.c_str()) != 0) failure = errno;
    if (failure != 0) {
        ::unlink(beside.c_str());
        return system_error(ErrorId::state_directory, "write " + path, failure);
    }
    // The new name is on the disk when its folder is.
    const UniqueFd folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder || ::fsync(folder.get()) != 0) {
        return system_error(ErrorId::state_directory, "sync the folder of " + path, errno);
    }
    return {};
}

void remove_unfinished(const std::string& folder) {
    const std::unique_ptr<DIR, CloseFolder> listing(::opendir(folder.c_str()));
    while (const dirent* entry = listing ? ::readdir(listing.get()) : nullptr) {
        const std::string path = fmt::format("{}/{}", folder, entry->d_name);
        if (std::string_view(entry->d_name).find(unfinished) == std::string_view::npos) continue;
        const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
        if (file && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0) ::unlink(path.c_str());
    }
}

Result<void> make_directory(const std::string& path, mode_t mode) {
    // Narrow first: at no moment is it wider than asked for.
    if (::mkdir(path.c_str(), mode & 0700) != 0) {
        if (errno != EEXIST) return system_error(ErrorId::state_directory, "make " + path, errno);
        struct stat about {};
        if (::stat(path.c_str(), &about) != 0 || !S_ISDIR(about.st_mode)) {
            return Error(ErrorId::state_directory, path + " exists and is not a directory");
        }
        return {};
    }
    // The umask may have taken bits away.
    if (::chmod(path.c_str(), mode) != 0)
        return system_error(ErrorId::state_directory, "chmod " + path, errno);
    return {};
}

Result<void> check_private_directory(const std::string& path, uid_t owner) {
    struct stat about {};
    if (::lstat(path.c_str(), &about) != 0) {
        return system_error(ErrorId::state_directory, "look at " + path, errno);
    }
    if (!S_ISDIR(about.st_mode)) return Error(ErrorId::state_directory, path + " is not a directory");
    if (about.st_uid != owner) {
        return Error(ErrorId::state_directory,
                     fmt::format("{} belongs to uid {}, not to {}", path, about.st_uid, owner));
    }
    if ((about.st_mode & 077) != 0) {
        return Error(ErrorId::state_directory,
                     fmt::format("{} has mode {:o}; it must be 0700", path, about.st_mode & 07777));
    }
    return {};
}

bool file_exists(const std::string& path) {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0;
}

}  // namespace mullion::os
