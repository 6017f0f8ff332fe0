#include "os/confine.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "os/file.h"

namespace mullion::os {
namespace {

Error rights(const std::string& what) {
    return system_error(ErrorId::serve_rights, what, errno);
}

// Without symbolic links; empty for what is not there.
std::string real_path(const std::string& path) {
    struct Free {
        void operator()(char* text) const { std::free(text); }
    };
    const std::unique_ptr<char, Free> found(::realpath(path.c_str(), nullptr));
    return found ? found.get() : std::string();
}

bool is_below(const std::string& path, const std::string& folder) {
    return path == folder || path.starts_with(folder + '/');
}

Result<void> set_read_only(const std::string& path, bool read_only, unsigned flags) {
    mount_attr attributes{};
    (read_only ? attributes.attr_set : attributes.attr_clr) = MOUNT_ATTR_RDONLY;
    if (::syscall(SYS_mount_setattr, AT_FDCWD, path.c_str(), flags, &attributes, sizeof attributes) != 0)
        return rights("make " + path + (read_only ? " read-only" : " writable"));
    return {};
}

Result<void> keep_writable(const std::string& path) {
    if (::mount(path.c_str(), path.c_str(), nullptr, MS_BIND | MS_REC, nullptr) != 0)
        return rights("mount " + path);
    return {};
}

Result<void> hide(const std::string& folder) {
    if (::mount("tmpfs", folder.c_str(), "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
                "mode=0,size=4k") != 0)
        return rights("hide " + folder);
    return {};
}

}  // namespace

Result<std::string> confine_view(const View& view) {
    if (::unshare(CLONE_NEWNS | CLONE_NEWIPC) != 0) return rights("leave the machine's namespaces");
    // What is mounted here is seen by nobody else; what the machine mounts or ends is seen here.
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr) != 0)
        return rights("part from the machine's mounts");
    std::vector<std::string> writable;
    std::vector<std::string> needed;
    for (const auto& path : view.writable)
        if (auto real = real_path(path); !real.empty()) writable.push_back(std::move(real));
    for (const auto& path : view.readable)
        if (auto real = real_path(path); !real.empty()) needed.push_back(std::move(real));
    needed.insert(needed.end(), writable.begin(), writable.end());

    for (const auto& path : writable) MULLION_TRY(keep_writable(path));
    MULLION_TRY(set_read_only("/", true, AT_RECURSIVE));
    for (const auto& path : writable) MULLION_TRY(set_read_only(path, false, AT_RECURSIVE));
    std::vector<std::string> hidden;
    for (const char* const folder : {"/home", "/root", "/boot"}) {
        struct stat about {};
        const bool there = ::lstat(folder, &about) == 0 && S_ISDIR(about.st_mode);
        const auto wants = [&](const std::string& path) { return is_below(path, folder); };
        if (!there || std::any_of(needed.begin(), needed.end(), wants)) continue;
        MULLION_TRY(hide(folder));
        hidden.emplace_back(folder);
    }
    return fmt::format("files are read-only but for {}; {} cannot be seen", fmt::join(writable, ", "),
                       hidden.empty() ? "nothing" : fmt::format("{}", fmt::join(hidden, ", ")));
}

}  // namespace mullion::os
