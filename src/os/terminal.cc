#include "os/terminal.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

#include "os/file.h"
#include "os/held_signals.h"
#include "os/input_file.h"

namespace mullion::os {
namespace {

// Until there is something to read, or a signal came.
void wait_for(int terminal, HeldSignals& signals) {
    std::array<pollfd, 2> either{{{terminal, POLLIN, 0}, {signals.descriptor(), POLLIN, 0}}};
    while (::poll(either.data(), either.size(), -1) < 0 && errno == EINTR) {
    }
    if (either[1].revents != 0) signals.take();
}

class EchoOff {
public:
    explicit EchoOff(int terminal) : terminal_(terminal) {
        if (::tcgetattr(terminal, &before_) != 0) return;
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHOE | ECHOK | ECHONL);
        off_ = ::tcsetattr(terminal, TCSAFLUSH, &silent) == 0;
    }
    EchoOff(const EchoOff&) = delete;
    EchoOff& operator=(const EchoOff&) = delete;
    ~EchoOff() {
        while (off_ && ::tcsetattr(terminal_, TCSAFLUSH, &before_) != 0 && errno == EINTR) {
        }
    }
    [[nodiscard]] bool off() const { return off_; }

private:
    int terminal_;
    termios before_{};
    bool off_ = false;
};

void show(int terminal, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(terminal, text.data(), text.size());
        if (written <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

// A fixed buffer that is wiped: nothing that grows, since growing leaves copies.
struct Buffer {
    std::vector<char> bytes = std::vector<char>(secret_limit + 3);  // CR, LF, and one that is too many.
    std::size_t used = 0;
    Buffer() = default;
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer() { wipe_memory(bytes.data(), bytes.size()); }
    [[nodiscard]] std::string_view line() const {
        std::string_view text(bytes.data(), used);
        if (text.ends_with('\n')) text.remove_suffix(1);
        if (text.size() < used && text.ends_with('\r')) text.remove_suffix(1);
        return text;
    }
};

// 0, or errno. A terminal is read by the character, or what follows the line would be lost with the buffer.
int fill_line(int terminal, Buffer& buffer, HeldSignals& signals) {
    while (buffer.used < buffer.bytes.size()) {
        wait_for(terminal, signals);
        if (signals.arrived()) return EINTR;
        const ssize_t got = ::read(terminal, buffer.bytes.data() + buffer.used, 1);
        if (got < 0 && errno != EINTR) return errno;
        if (got == 0) return 0;
        if (got == 1 && buffer.bytes[buffer.used++] == '\n') return 0;
    }
    return 0;
}

int fill(int descriptor, Buffer& buffer) {
    while (buffer.used < buffer.bytes.size()) {
        const ssize_t got =
            ::read(descriptor, buffer.bytes.data() + buffer.used, buffer.bytes.size() - buffer.used);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errno;
        if (got == 0) return 0;
        buffer.used += static_cast<std::size_t>(got);
    }
    return 0;
}

Result<Secret> to_secret(const Buffer& buffer, const std::string& name) {
    if (buffer.line().size() > secret_limit) {
        return Error(ErrorId::usage_file, fmt::format("{} is over {} bytes", name, secret_limit));
    }
    return Secret(buffer.line());
}

}  // namespace

Result<Secret> ask_secret(const std::string& prompt) {
    const UniqueFd terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    if (!terminal) return Error(ErrorId::usage_password_missing, "");
    Buffer buffer;
    int failure = 0;
    {
        HeldSignals signals;
        const EchoOff echo(terminal.get());
        if (!echo.off()) return system_error(ErrorId::usage_password_missing, "turn the echo off", errno);
        show(terminal.get(), prompt);
        failure = fill_line(terminal.get(), buffer, signals);
        show(terminal.get(), "\n");
    }
    // Still here: the signal has a handler, or stopped the process and it went on.
    if (failure == EINTR) return Error(ErrorId::usage_password_missing, "interrupted");
    if (failure != 0) return system_error(ErrorId::usage_file, "read from the terminal", failure);
    return to_secret(buffer, "the terminal's line");
}

Result<Secret> read_secret(int descriptor, const std::string& name) {
    Buffer buffer;
    if (const int failure = fill(descriptor, buffer); failure != 0) {
        return system_error(ErrorId::usage_file, "read " + name, failure);
    }
    return to_secret(buffer, name);
}

Result<Secret> read_secret_file(const std::string& path) {
    if (path == "-") return read_secret(STDIN_FILENO, "standard input");
    MULLION_ASSIGN(InputFile file, InputFile::open(path));
    Buffer buffer;
    while (buffer.used < buffer.bytes.size()) {
        const auto room = buffer.bytes.size() - buffer.used;
        MULLION_ASSIGN(const std::size_t got, file.read(buffer.bytes.data() + buffer.used, room));
        if (got == 0) break;
        buffer.used += got;
    }
    return to_secret(buffer, path);
}

bool others_may_read(const std::string& path) {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 && S_ISREG(about.st_mode) &&
           (about.st_mode & (S_IRGRP | S_IROTH)) != 0;
}

}  // namespace mullion::os
