#include "secrets/store/private_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "os/file.h"

namespace mullion::secrets {
namespace {

constexpr auto wrong = ErrorId::secrets_store;

Result<void> check_folder(const std::string& path) {
    const std::string folder = folder_of(path);
    struct stat about {};
    if (::stat(folder.c_str(), &about) != 0) return os::system_error(wrong, "look at " + folder, errno);
    if (about.st_uid != ::geteuid() && about.st_uid != 0)
        return Error(wrong,
                     fmt::format("{} belongs to uid {}, not to {}", folder, about.st_uid, ::geteuid()));
    if ((about.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return Error(wrong, fmt::format("{} has mode {:o}: others can put files there", folder,
                                        about.st_mode & 07777));
    return {};
}

}  // namespace

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

Result<void> check_private_file(const std::string& path, Missing missing) {
    MULLION_TRY(check_folder(path));
    struct stat about {};
    if (::lstat(path.c_str(), &about) != 0) {
        if (errno == ENOENT && missing == Missing::may_be) return {};
        return os::system_error(wrong, "look at " + path, errno);
    }
    if (!S_ISREG(about.st_mode)) return Error(wrong, path + " is not a regular file");
    if (about.st_nlink != 1) return Error(wrong, path + " has another name elsewhere");
    if (about.st_uid != ::geteuid())
        return Error(wrong, fmt::format("{} belongs to uid {}, not to {}", path, about.st_uid, ::geteuid()));
    if ((about.st_mode & 077) != 0)
        return Error(wrong, fmt::format("{} has mode {:o}; it must be 0600", path, about.st_mode & 07777));
    return {};
}

int give_name(const std::string& from, const std::string& name) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, name.c_str(), RENAME_NOREPLACE) == 0) return 0;
    // NFS and other file systems know no flags (renameat2(2)): two names for a moment, then.
    if (errno != EINVAL && errno != ENOSYS) return errno;
    if (::link(from.c_str(), name.c_str()) != 0) return errno;
    ::unlink(from.c_str());
    return 0;
}

Result<void> sync_folder_of(const std::string& path) {
    const os::UniqueFd folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder || ::fsync(folder.get()) != 0)
        return os::system_error(wrong, "sync the folder of " + path, errno);
    return {};
}

}  // namespace mullion::secrets
