#include "os/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "os/file.h"
#include "os/tests/temporary_folder.h"

namespace mullion::os {
namespace {

Result<Secret> from_file(const std::string& text) {
    const TemporaryFolder folder;
    EXPECT_TRUE(write_file_atomic(folder / "password", text).ok());
    return read_secret_file(folder / "password");
}

TEST(SecretFile, LosesOneLineEnd) {
    EXPECT_EQ(from_file("word").value().expose(), "word");
    EXPECT_EQ(from_file("word\n").value().expose(), "word");
    EXPECT_EQ(from_file("word\r\n").value().expose(), "word");
    EXPECT_EQ(from_file("word\n\n").value().expose(), "word\n");
    EXPECT_EQ(from_file("word\r").value().expose(), "word\r");
    EXPECT_EQ(from_file(" w \n").value().expose(), " w ");
    EXPECT_EQ(from_file(std::string("a\0b\n", 4)).value().expose(), std::string_view("a\0b", 3));
    EXPECT_TRUE(from_file("").value().empty());
    EXPECT_TRUE(from_file("\r\n").value().empty());
}

TEST(SecretFile, HasALimit) {
    const std::string largest(secret_limit, 'x');
    EXPECT_EQ(from_file(largest).value().expose(), largest);
    EXPECT_EQ(from_file(largest + "\r\n").value().expose(), largest);
    EXPECT_FALSE(from_file(largest + "x").ok());
    EXPECT_FALSE(from_file(largest + "x\r\n").ok());
    EXPECT_FALSE(from_file(largest + largest).ok());
    EXPECT_FALSE(read_secret_file("/nonexistent/password").ok());
}

TEST(SecretFile, OfOthersIsNoticed) {
    const TemporaryFolder folder;
    ASSERT_TRUE(write_file_atomic(folder / "password", "x").ok());
    EXPECT_FALSE(others_may_read(folder / "password"));
    ASSERT_EQ(::chmod((folder / "password").c_str(), 0640), 0);
    EXPECT_TRUE(others_may_read(folder / "password"));
    EXPECT_FALSE(others_may_read("/dev/null"));
}

// A child that asks on a terminal of its own; `main` is the other side of that terminal.
struct Asking {
    int main = -1;
    pid_t child = -1;
    Asking() {
        child = ::forkpty(&main, nullptr, nullptr, nullptr);
        if (child != 0) return;
        const auto secret = ask_secret("Password: ");
        ::_exit(!secret.ok() ? 2 : secret->expose() == "pass word" ? 0 : 1);
    }
    Asking(const Asking&) = delete;
    Asking& operator=(const Asking&) = delete;
    ~Asking() { ::close(main); }

    // What the terminal shows, up to `end` or until the child is gone.
    std::string shown(const std::string& end) const {
        std::string text;
        std::array<char, 256> part{};
        pollfd wait{main, POLLIN, 0};
        while (text.find(end) == std::string::npos && ::poll(&wait, 1, 10'000) == 1) {
            const ssize_t got = ::read(main, part.data(), part.size());
            if (got <= 0) break;
            text.append(part.data(), static_cast<std::size_t>(got));
        }
        return text;
    }
    int status() const {
        int status = 0;
        EXPECT_EQ(::waitpid(child, &status, 0), child);
        return status;
    }
    bool echoes() const {
        termios now{};
        EXPECT_EQ(::tcgetattr(main, &now), 0);
        return (now.c_lflag & ECHO) != 0;
    }
};

TEST(AskSecret, DoesNotEcho) {
    const Asking asking;
    EXPECT_EQ(asking.shown("Password: "), "Password: ");
    EXPECT_FALSE(asking.echoes());
    ASSERT_EQ(::write(asking.main, "pass word\n", 10), 10);
    EXPECT_EQ(asking.shown("\n"), "\r\n");
    EXPECT_EQ(WEXITSTATUS(asking.status()), 0);
}

TEST(AskSecret, PutsTheTerminalBackOnCtrlC) {
    Asking asking;
    // Held open, or the terminal would be gone with the child.
    std::array<char, 64> name{};
    ASSERT_EQ(::ptsname_r(asking.main, name.data(), name.size()), 0);
    const UniqueFd held(::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    asking.shown("Password: ");
    EXPECT_FALSE(asking.echoes());
    ASSERT_EQ(::write(asking.main, "pa\x03", 3), 3);
    const int status = asking.status();
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), SIGINT);
    EXPECT_TRUE(asking.echoes());
}

TEST(AskSecret, FailsWithoutATerminal) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::setsid();
        const auto secret = ask_secret("Password: ");
        ::_exit(!secret.ok() && secret.error().id == ErrorId::usage_password_missing ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace mullion::os
