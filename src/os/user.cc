#include "os/user.h"

#include <fmt/core.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include "os/file.h"

namespace mullion::os {
namespace {

constexpr std::size_t largest_entry = 1024 * 1024;

// Asks with a buffer that grows until the entry fits; null where there is none. `ask` is getpwnam_r and its
// like with the key bound.
template <class Entry, class Ask>
Result<Entry*> look_up(const std::string& what, Entry& entry, std::vector<char>& buffer, Ask ask) {
    for (;;) {
        Entry* found = nullptr;
        const int failure = ask(&entry, buffer.data(), buffer.size(), &found);
        if (failure == EINTR) continue;
        if (failure == ERANGE && buffer.size() < largest_entry) {
            buffer.resize(buffer.size() * 2);
            continue;
        }
        if (found != nullptr) return found;
        // getpwnam_r(3) and getgrnam_r(3) list these as ways to say that there is none.
        if (failure == 0 || failure == ENOENT || failure == ESRCH || failure == EBADF || failure == EPERM)
            return found;
        return system_error(ErrorId::serve_rights, "look up " + what, failure);
    }
}

template <class Ask>
Result<std::optional<User>> find(const std::string& what, Ask ask) {
    std::vector<char> buffer(4096);
    passwd entry{};
    MULLION_ASSIGN(const passwd* const found, look_up(what, entry, buffer, ask));
    if (found == nullptr) return std::optional<User>();
    return std::optional(User{entry.pw_name, entry.pw_uid, entry.pw_gid, entry.pw_dir, entry.pw_shell});
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

std::vector<gid_t> groups_of(const User& user) {
    int count = 64;
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    // The call says how many there are when they did not fit.
    while (::getgrouplist(user.name.c_str(), user.gid, groups.data(), &count) < 0 && count <= 65536) {
        groups.resize(std::max(static_cast<std::size_t>(count), groups.size() * 2));
        count = static_cast<int>(groups.size());
    }
    groups.resize(static_cast<std::size_t>(std::clamp(count, 0, static_cast<int>(groups.size()))));
    return groups;
}

Result<std::optional<gid_t>> find_group(const std::string& name) {
    std::vector<char> buffer(4096);
    group entry{};
    MULLION_ASSIGN(const group* const found, look_up("group " + name, entry, buffer, [&](auto... arguments) {
                       return getgrnam_r(name.c_str(), arguments...);
                   }));
    if (found == nullptr) return std::optional<gid_t>();
    return std::optional(entry.gr_gid);
}

Result<std::optional<std::string>> find_group_name(gid_t gid) {
    std::vector<char> buffer(4096);
    group entry{};
    MULLION_ASSIGN(const group* const found,
                   look_up(fmt::format("gid {}", gid), entry, buffer,
                           [&](auto... arguments) { return getgrgid_r(gid, arguments...); }));
    if (found == nullptr) return std::optional<std::string>();
    return std::optional<std::string>(entry.gr_name);
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
