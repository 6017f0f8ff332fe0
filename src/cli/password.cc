#include "cli/password.h"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <vector>

#include "cli/write_all.h"
#include "os/held_signals.h"
#include "os/input_file.h"

namespace mullion::cli {
namespace {

constexpr std::size_t longest_password = 4096;

// Bytes that are wiped wherever they lie.
class Line {
public:
    Line() { bytes_.reserve(longest_password); }  // So that growing leaves no copy behind.
    ~Line() { wipe_memory(bytes_.data(), bytes_.size()); }
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;
    [[nodiscard]] bool add(char c) {
        if (bytes_.size() == longest_password) return false;
        bytes_.push_back(c);
        return true;
    }
    // The last character, which may have several bytes in UTF-8.
    void erase_last() {
        while (!bytes_.empty()) {
            const auto byte = static_cast<unsigned char>(bytes_.back());
            bytes_.pop_back();
            if ((byte & 0xc0) != 0x80) return;
        }
    }
    void clear() { bytes_.clear(); }
    [[nodiscard]] std::string_view text() const { return {bytes_.data(), bytes_.size()}; }

private:
    std::vector<char> bytes_;
};

Result<Secret> read_first_line(os::InputFile& file) {
    Line line;
    for (;;) {
        char byte = 0;
        // Not one byte more: the rest may be the command's input.
        MULLION_ASSIGN(const std::size_t count, file.read(&byte, 1));
        if (count == 0 || byte == '\n') break;
        if (!line.add(byte)) return file.error("its first line is too long for a password");
    }
    auto text = line.text();
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    if (text.empty()) return file.error("its first line is empty");
    return Secret(text);
}

// Echo off, keys one by one; as it was before when it goes.
class QuietTerminal {
public:
    explicit QuietTerminal(int descriptor) : descriptor_(descriptor) {
        if (::tcgetattr(descriptor_, &before_) != 0) return;
        auto quiet = before_;
        // Ctrl-C comes as a key.
        quiet.c_lflag &= static_cast<tcflag_t>(~(ECHO | ICANON | ISIG));
        changed_ = ::tcsetattr(descriptor_, TCSAFLUSH, &quiet) == 0;
    }
    ~QuietTerminal() {
        if (changed_) ::tcsetattr(descriptor_, TCSAFLUSH, &before_);
    }
    QuietTerminal(const QuietTerminal&) = delete;
    QuietTerminal& operator=(const QuietTerminal&) = delete;
    [[nodiscard]] bool works() const { return changed_; }

private:
    int descriptor_;
    termios before_{};
    bool changed_ = false;
};

// False when somebody does not want to know any more.
bool wait_for_key(int terminal, int cancelled, os::HeldSignals& signals) {
    pollfd wanted[] = {{terminal, POLLIN, 0},
                       {cancelled, POLLIN, 0},  // poll(2) passes over -1.
                       {signals.descriptor(), POLLIN, 0}};
    while (::poll(wanted, 3, -1) < 0 && errno == EINTR) {
    }
    if (wanted[2].revents != 0) signals.take();
    return wanted[1].revents == 0 && !signals.arrived();
}

Result<Secret> ask_on(int terminal, const std::string& prompt, int cancelled) {
    // Before a run has begun nobody else takes them: the process must not die with the echo off.
    os::HeldSignals signals;
    const QuietTerminal quiet(terminal);
    if (!quiet.works())
        return Error(ErrorId::usage_password_missing, "the terminal cannot hide what is typed");
    (void)write_all(terminal, prompt);
    Line line;
    for (;;) {
        char key = 0x03;
        ssize_t count = 1;
        if (wait_for_key(terminal, cancelled, signals)) count = ::read(terminal, &key, 1);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0 || key == '\n' || key == '\r' || key == 0x04) break;
        if (key == 0x03 || key == 0x1c) {
            (void)write_all(terminal, "\n");
            return Error(ErrorId::run_interrupted, "");
        }
        if (key == 0x7f || key == 0x08) {
            line.erase_last();
        } else if (key == 0x15) {  // Ctrl-U
            line.clear();
        } else if (!line.add(key)) {
            break;
        }
    }
    (void)write_all(terminal, "\n");
    if (line.text().empty()) return Error(ErrorId::usage_password_missing, "nothing was typed");
    return Secret(line.text());
}

Result<Secret> ask(const std::string& prompt, int cancelled) {
    const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (terminal < 0) return Error(ErrorId::usage_password_missing, "");
    auto password = ask_on(terminal, prompt, cancelled);
    ::close(terminal);
    return password;
}

Result<Secret> read_file(const std::string& name, int cancelled) {
    if (name == "-") {
        os::InputFile standard(STDIN_FILENO, "standard input", cancelled);
        return read_first_line(standard);
    }
    os::Patience patience;
    patience.cancelled = cancelled;
    MULLION_ASSIGN(auto file, os::InputFile::open(name, patience));
    return read_first_line(file);
}

}  // namespace

Result<Secret> read_password(const PasswordSource& source, const std::string& prompt, int cancelled) {
    if (source.ask) return ask(prompt, cancelled);
    if (!source.file.empty()) return read_file(source.file, cancelled);
    const char* const named = std::getenv("MULLION_PASSWORD_FILE");
    if (named != nullptr && *named != '\0') return read_file(named, cancelled);
    return ask(prompt, cancelled);
}

}  // namespace mullion::cli
