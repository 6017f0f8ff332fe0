#include "os/lock.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>

namespace mullion::os {
namespace {

// Somebody who asks for the holder has it for less than this.
constexpr int tries = 10;
constexpr int between_tries = 10;  // Milliseconds.

// What the holder wrote, when that is a number.
std::string number_in(int file) {
    std::array<char, 32> text{};
    const ssize_t size = ::pread(file, text.data(), text.size(), 0);
    std::string digits;
    for (ssize_t i = 0;
         i < size && text[static_cast<std::size_t>(i)] >= '0' && text[static_cast<std::size_t>(i)] <= '9';
         ++i) {
        digits += text[static_cast<std::size_t>(i)];
    }
    return digits;
}

std::string name_of_holder(int file) {
    const auto digits = number_in(file);
    return digits.empty() ? "another process" : "process " + digits;
}

}  // namespace

Result<LockFile> LockFile::acquire(const std::string& path) {
    // The file is never removed: a lock on a removed file and one on its successor would both be "exclusive".
    UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file) return system_error(ErrorId::state_directory, "open the lock file " + path, errno);
    for (int tried = 1; ::flock(file.get(), LOCK_EX | LOCK_NB) != 0;) {
        if (errno == EINTR) continue;
        if (errno == EWOULDBLOCK && tried++ < tries) {
            ::poll(nullptr, 0, between_tries);
            continue;
        }
        if (errno == EWOULDBLOCK) {
            return Error(ErrorId::state_locked,
                         fmt::format("{} is held by {}", path, name_of_holder(file.get())));
        }
        return system_error(ErrorId::state_directory, "lock " + path, errno);
    }
    const std::string pid = fmt::format("{}\n", ::getpid());
    if (::ftruncate(file.get(), 0) != 0 ||
        ::pwrite(file.get(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
        return system_error(ErrorId::state_directory, "write " + path, errno);
    }
    return LockFile(std::move(file));
}

Result<std::optional<pid_t>> LockFile::holder(const std::string& path) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file && errno == ENOENT) return std::optional<pid_t>();
    if (!file) return system_error(ErrorId::state_directory, "open the lock file " + path, errno);
    while (::flock(file.get(), LOCK_SH | LOCK_NB) != 0) {
        if (errno == EINTR) continue;
        if (errno != EWOULDBLOCK) return system_error(ErrorId::state_directory, "look at " + path, errno);
        const auto digits = number_in(file.get());
        pid_t pid = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), pid);
        return std::optional<pid_t>(pid);
    }
    return std::optional<pid_t>();
}

}  // namespace mullion::os
