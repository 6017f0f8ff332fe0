#include "cli/quiet_input.h"

#include <unistd.h>

namespace mullion::cli {

QuietInput::QuietInput(bool wanted) {
    if (!wanted || ::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    auto quiet = before_;
    quiet.c_lflag &= static_cast<tcflag_t>(~ECHO);
    changed_ = ::tcsetattr(STDIN_FILENO, TCSANOW, &quiet) == 0;
}

void QuietInput::put_back() {
    if (changed_.exchange(false)) ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

}  // namespace mullion::cli
