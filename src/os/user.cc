#include "os/user.h"

#include <fmt/core.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

#include "os/file.h"

namespace mullion::os {
namespace {

constexpr std::size_t largest_entry = 1024 * 1024;

// `look_up` is getpwnam_r or getpwuid_r with its key bound.
template <class LookUp>
Result<std::optional<User>> find(const std::string& what, LookUp look_up) {
    std::vector<char> buffer(4096);
    for (;;) {
        passwd entry{};
        passwd* found = nullptr;
        const int failure = look_up(&entry, buffer.data(), buffer.size(), &found);
        if (failure == EINTR) continue;
        if (failure == ERANGE && buffer.size() < largest_entry) {
            buffer.resize(buffer.size() * 2);
            continue;
        }
        if (found != nullptr) {
            return std::optional(
                User{entry.pw_name, entry.pw_uid, entry.pw_gid, entry.pw_dir, entry.pw_shell});
        }
        // getpwnam_r(3) lists these as ways to say "no such user".
        if (failure == 0 || failure == ENOENT || failure == ESRCH || failure == EBADF || failure == EPERM) {
            return std::optional<User>();
        }
        return system_error(ErrorId::serve_rights, "look up " + what, failure);
    }
}

Error rights(std::string_view what) {
    return system_error(ErrorId::serve_rights, what, errno);
}

Result<void> change_ids(const User& user) {
    // In this order: the first two need the rights that the last gives away.
    if (::setgroups(0, nullptr) != 0) return rights("drop the supplementary groups");
    if (::setresgid(user.gid, user.gid, user.gid) != 0) return rights("change the group");
    if (::setresuid(user.uid, user.uid, user.uid) != 0) return rights("change the user");
    return {};
}

Result<void> clear_capabilities() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const std::array<__user_cap_data_struct, 2> none{};
    if (::syscall(SYS_capset, &header, none.data()) != 0) return rights("clear the capabilities");
    if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0)
        return rights("clear the ambient capabilities");
    return {};
}

// What was given up must not come back; a kernel or container that lets it is not one to serve on.
Result<void> verify_dropped(const User& user) {
    uid_t real = 0;
    uid_t effective = 0;
    uid_t saved = 0;
    if (::getresuid(&real, &effective, &saved) != 0) return rights("read the user ids");
    if (real != user.uid || effective != user.uid || saved != user.uid) {
        return Error(ErrorId::serve_rights, "the user did not change");
    }
    if (user.uid != 0 && (::setuid(0) == 0 || ::seteuid(0) == 0)) {
        return Error(ErrorId::serve_rights, "root came back after it was given up");
    }
    if (user.gid != 0 && (::setgid(0) == 0 || ::setegid(0) == 0)) {
        return Error(ErrorId::serve_rights, "root's group came back after it was given up");
    }
    return {};
}

}  // namespace

Result<std::optional<User>> find_user(const std::string& name) {
    return find("user " + name, [&](passwd* entry, char* buffer, std::size_t size, passwd** found) {
        return ::getpwnam_r(name.c_str(), entry, buffer, size, found);
    });
}

Result<std::optional<User>> find_user(uid_t uid) {
    return find(fmt::format("uid {}", uid),
                [&](passwd* entry, char* buffer, std::size_t size, passwd** found) {
                    return ::getpwuid_r(uid, entry, buffer, size, found);
                });
}

Result<User> current_user() {
    MULLION_ASSIGN(std::optional<User> user, find_user(::geteuid()));
    if (!user)
        return Error(ErrorId::serve_rights, fmt::format("uid {} has no name on this machine", ::geteuid()));
    return *std::move(user);
}

bool is_root() {
    return ::geteuid() == 0;
}

Result<void> drop_to_user(const User& user) {
    if (user.uid == 0 || user.uid == static_cast<uid_t>(-1)) {
        return Error(ErrorId::serve_rights, "root is not a user to give up rights to");
    }
    if (is_root()) {
        MULLION_TRY(change_ids(user));
    } else if (::geteuid() != user.uid) {
        return Error(ErrorId::serve_rights, fmt::format("only root can become {}", user.name));
    }
    MULLION_TRY(clear_capabilities());
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return rights("set no_new_privs");
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return rights("become undumpable");
    return verify_dropped(user);
}

}  // namespace mullion::os
