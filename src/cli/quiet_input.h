// A terminal that does not show what is typed, until it is put back.
#pragma once

#include <termios.h>

#include <atomic>

namespace mullion::cli {

// Of standard input; does nothing where that is no terminal. Ctrl-C still comes as a signal.
class QuietInput {
public:
    explicit QuietInput(bool wanted);
    ~QuietInput() { put_back(); }
    QuietInput(const QuietInput&) = delete;
    QuietInput& operator=(const QuietInput&) = delete;
    // From any thread, and more than once.
    void put_back();

private:
    termios before_{};
    std::atomic<bool> changed_ = false;
};

}  // namespace mullion::cli
