#include "checks/state_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "os/file.h"

namespace mullion::checks {
namespace {

constexpr std::size_t most_bytes = 16 * 1024 * 1024;
constexpr auto id = ErrorId::state_directory;

Result<void> make_folders(const std::string& folder) {
    for (auto slash = folder.find('/', 1);; slash = folder.find('/', slash + 1)) {
        const auto part = folder.substr(0, slash);
        // A parent that we may not look into is one that is there.
        if (!os::file_exists(part)) MULLION_TRY(os::make_directory(part, 0700));
        if (slash == std::string::npos) return {};
    }
}

// Who may write into it could put another file into the place of ours. A group of the operator's making may
// (Centreon's own folder is its group's); everybody may only where nobody can replace what is another's.
Result<void> check_folder(const std::string& folder) {
    struct stat about {};
    if (::stat(folder.c_str(), &about) != 0) return os::system_error(id, "look at " + folder, errno);
    if (!S_ISDIR(about.st_mode)) return Error(id, folder + " is not a directory");
    if ((about.st_mode & S_IWOTH) != 0 && (about.st_mode & S_ISVTX) == 0)
        return Error(id, fmt::format("{} can be written by everybody (mode {:o})", folder,
                                     static_cast<unsigned>(about.st_mode & 07777U)));
    return {};
}

bool same_file(int descriptor, const std::string& path) {
    struct stat held {};
    struct stat named {};
    return ::fstat(descriptor, &held) == 0 && ::lstat(path.c_str(), &named) == 0 &&
           held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

// Holds the file itself: whoever replaces it does so while holding it, so a lock on one that has been
// replaced is none. The kernel lets go when the process ends, however it ends.
Result<os::UniqueFd> hold(const std::string& path, Duration patience) {
    constexpr int between = 5;  // Milliseconds. It is held for less, where disks are well.
    const auto until = system_clock().now() + patience;
    for (;;) {
        os::UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
        if (!file) return os::system_error(id, "open " + path, errno);
        if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) {
            if (same_file(file.get(), path)) return file;
        } else if (errno != EWOULDBLOCK && errno != EINTR) {
            return os::system_error(id, "lock " + path, errno);
        }
        if (system_clock().now() >= until)
            return Error(id, fmt::format("{} is held by another process for more than {} s", path,
                                         static_cast<double>(patience.count()) / 1000));
        ::poll(nullptr, 0, between);
    }
}

Result<void> fill(const std::string& path, std::string_view bytes) {
    // Only who holds the file has a right to this name. Not synced: after a power cut a rate begins anew,
    // which is cheaper than a disk's wait for each check of thousands.
    const os::UniqueFd file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
    if (!file) return os::system_error(id, "write " + path, errno);
    while (!bytes.empty()) {
        const auto written = ::write(file.get(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return os::system_error(id, "write " + path, errno);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

}  // namespace

Result<StateFile> StateFile::open(std::string folder, Series series) {
    if (folder.empty()) return Error(id, "there is no folder for what a check keeps");
    MULLION_TRY(make_folders(folder));
    MULLION_TRY(check_folder(folder));
    auto path = fmt::format("{}/{}", folder, state_file_name(series));
    return StateFile(std::move(path), std::move(series));
}

std::optional<Sample> StateFile::read() {
    complaint_.clear();
    seen_.reset();
    if (::access(path_.c_str(), F_OK) != 0 && errno == ENOENT) return {};
    auto text = os::read_trusted_file(path_, ::geteuid(), most_bytes);
    // One that was replaced between being opened and being looked at has no name any more.
    for (int again = 0; !text.ok() && again < 3; ++again)
        text = os::read_trusted_file(path_, ::geteuid(), most_bytes);
    if (!text.ok()) {
        complaint_ = text.error().detail;
        return {};
    }
    // As a process leaves it that was killed before its first write.
    if (text->empty()) return {};
    auto sample = parse_state(*text, series_);
    if (!sample.ok()) {
        complaint_ = fmt::format("{}: {}", path_, sample.error().detail);
        return {};
    }
    seen_ = std::move(sample).value();
    return seen_;
}

Result<void> StateFile::write(const Sample& sample, Duration patience) {
    auto bytes = print_state(sample, series_);
    if (bytes.size() > most_bytes)
        return Error(id, fmt::format("{}: {} bytes are too many to keep", path_, bytes.size()));
    MULLION_ASSIGN(const auto held, hold(path_, patience));
    const auto before = std::move(seen_);
    const auto now = read();
    if (now && now != before && now->at > sample.at) return {};
    const auto beside = path_ + ".new";
    MULLION_TRY(fill(beside, bytes));
    if (::rename(beside.c_str(), path_.c_str()) != 0) return os::system_error(id, "replace " + path_, errno);
    seen_ = sample;
    return {};
}

}  // namespace mullion::checks
