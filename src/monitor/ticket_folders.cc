#include "monitor/ticket_folders.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "core/ids.h"
#include "os/file.h"

namespace mullion::monitor {
namespace {

bool in_memory(const std::string& path) {
    struct statfs found {};
    return ::statfs(path.c_str(), &found) == 0 &&
           (found.f_type == TMPFS_MAGIC || found.f_type == RAMFS_MAGIC) && ::access(path.c_str(), W_OK) == 0;
}

std::string memory_folder() {
    const std::string own = os::is_root() ? "/run" : fmt::format("/run/user/{}", ::geteuid());
    for (const std::string& parent : {own, std::string("/dev/shm")})
        if (in_memory(parent)) return parent;
    return {};
}

std::string random_name() {
    std::array<std::uint8_t, 8> bytes{};
    system_random().fill(bytes);
    std::string name = "mullion-tickets-";
    for (const auto byte : bytes) name += fmt::format("{:02x}", byte);
    return name;
}

constexpr const char* cache_file = "tickets";
constexpr int most_removed = 1'000;

// Its user may have put anything there, links too: nothing is followed. Folders that are not empty stay, and
// so does what is beyond a bound: who goes on filling it must not hold the monitor up. The ticket goes first.
void remove_folder(const char* path) {
    const int folder = ::open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) return;
    DIR* const list = ::fdopendir(folder);
    if (list == nullptr) {
        ::close(folder);
        return;
    }
    ::unlinkat(folder, cache_file, 0);
    for (int i = 0; i < most_removed; ++i) {
        const dirent* const entry = ::readdir(list);
        if (entry == nullptr) break;
        const std::string_view name = entry->d_name;
        if (name == "." || name == "..") continue;
        if (::unlinkat(folder, entry->d_name, 0) != 0) ::unlinkat(folder, entry->d_name, AT_REMOVEDIR);
    }
    ::closedir(list);
    ::rmdir(path);
}

bool write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

TicketFolder::~TicketFolder() {
    if (!path_.empty()) remove_folder(path_.c_str());
}

TicketFolders::TicketFolders(const std::string& parent) {
    const std::string chosen = parent.empty() ? memory_folder() : parent;
    if (!chosen.empty()) base_ = chosen + '/' + random_name();
}

// Others may pass through it, but nobody may look who has a folder there.
TicketFolder TicketFolders::place(std::uint64_t token) const {
    constexpr mode_t pass_through = 0711;
    if (base_.empty()) return TicketFolder();
    if (::mkdir(base_.c_str(), 0700) == 0)
        (void)::chmod(base_.c_str(), pass_through);
    else if (errno != EEXIST)
        return TicketFolder();
    return TicketFolder(fmt::format("{}/{}", base_, token));
}

void TicketFolders::remove() const {
    if (base_.empty()) return;
    DIR* const list = ::opendir(base_.c_str());
    if (list == nullptr) return;
    while (const dirent* const entry = ::readdir(list)) {
        const std::string name = entry->d_name;
        if (name != "." && name != "..") remove_folder((base_ + '/' + name).c_str());
    }
    ::closedir(list);
    ::rmdir(base_.c_str());
}

// Version 4 of MIT's format: no tags, the principal, and then the tickets.
TicketFile ticket_file(const TicketFolder& folder, const os::SpawnTicket& ticket) {
    constexpr std::string_view version{"\5\4\0\0", 4};
    if (folder.path().empty()) return {};
    return {folder.path(), folder.path() + '/' + cache_file, std::string(version) + ticket.client};
}

bool write_ticket(const TicketFile& where, const os::SpawnTicket& ticket, const Person& person) noexcept {
    errno = ENOTSUP;
    if (where.folder.empty() || ::mkdir(where.folder.c_str(), 0700) != 0) return false;
    const int file =
        ::open(where.file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) return false;
    const bool written = write_all(file, where.head) && write_all(file, ticket.credential.expose());
    const auto& user = person.user;
    const bool given = !person.change || (::fchown(file, user.uid, user.gid) == 0 &&
                                          ::chown(where.folder.c_str(), user.uid, user.gid) == 0);
    ::close(file);
    return written && given;
}

}  // namespace mullion::monitor
