#include "inventory/files.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fmt/core.h>

namespace mullion::inventory {
namespace {

constexpr std::size_t largest = 256U * 1024 * 1024;

Error cannot_read(const std::string& path, const char* reason) {
    return {ErrorId::usage_file, fmt::format("{}: {}", path, reason)};
}

class Descriptor {
public:
    // Without blocking: a pipe with a name is opened only when it has a writer, which may be never.
    explicit Descriptor(const std::string& path)
        : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] int get() const { return number_; }

private:
    int number_;
};

// True when somebody has the pipe open for writing, or had: without a writer there is an end at once, with
// one nothing yet. That a writer came and wrote nothing is no event to wait for, so it is asked again and
// again; what was read doing so is put into `text`.
bool has_writer(int pipe, std::chrono::milliseconds patience, std::string& text) {
    constexpr std::chrono::milliseconds interval{20};
    const auto until = std::chrono::steady_clock::now() + patience;
    for (;;) {
        pollfd readable{pipe, POLLIN, 0};
        if (::poll(&readable, 1, static_cast<int>(interval.count())) > 0) return true;
        char first = 0;
        const ssize_t got = ::read(pipe, &first, 1);
        if (got == 1) text = first;
        if (got == 1 || (got < 0 && errno == EAGAIN)) return true;
        if (std::chrono::steady_clock::now() >= until) return false;
    }
}

}  // namespace

Result<std::string> file_text(const std::string& path, std::chrono::milliseconds patience) {
    const Descriptor file(path);
    struct stat status {};
    if (file.get() < 0 || ::fstat(file.get(), &status) != 0) return cannot_read(path, std::strerror(errno));
    if (S_ISDIR(status.st_mode)) return cannot_read(path, "it is a directory");
    std::string text;
    if (S_ISFIFO(status.st_mode) && !has_writer(file.get(), patience, text))
        return cannot_read(path, "it is a pipe, and nobody opens it for writing");
    ::fcntl(file.get(), F_SETFL, 0);  // From here on there is something to wait for.
    // A pipe has no size: "-i <(…)" is one.
    std::size_t room = S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) + 1 : 65'536;
    std::size_t size = text.size();
    while (true) {
        if (room > largest) return cannot_read(path, "it is larger than 256 MiB");
        text.resize(room);
        const ssize_t got = ::read(file.get(), text.data() + size, room - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return cannot_read(path, std::strerror(errno));
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
        if (size == room) room *= 2;
    }
    text.resize(size);
    return text;
}

bool is_directory(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::is_directory(path, ignored);
}

bool exists(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

bool is_executable(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 0111U) != 0;
}

Result<std::vector<std::string>> directory(const std::string& path) {
    std::error_code fault;
    std::filesystem::directory_iterator entries(path, fault);
    std::vector<std::string> names;
    for (; !fault && entries != std::filesystem::directory_iterator(); entries.increment(fault))
        names.push_back(entries->path().filename().string());
    if (fault) return cannot_read(path, fault.message().c_str());
    std::sort(names.begin(), names.end());
    return names;
}

std::string inside(std::string folder, std::string_view name) {
    if (!folder.empty() && !folder.ends_with('/')) folder += '/';
    folder += name;
    return folder;
}

std::string plain_path(const std::string& path) {
    std::error_code ignored;
    const auto absolute = std::filesystem::absolute(path, ignored).lexically_normal().string();
    const bool slash = absolute.size() > 1 && absolute.ends_with('/');
    return slash ? absolute.substr(0, absolute.size() - 1) : absolute;
}

std::string folder_of(const std::string& path) {
    return std::filesystem::path(plain_path(path)).parent_path().string();
}

std::string true_path(const std::string& path) {
    std::error_code fault;
    const auto found = std::filesystem::canonical(path, fault);
    return fault ? plain_path(path) : found.string();
}

}  // namespace mullion::inventory
