// Signals as something to poll for.
#pragma once

#include <initializer_list>

#include "core/result.h"
#include "os/file.h"

namespace mullion::os {

// Blocks these signals in the calling thread (and threads it starts later) and returns a non-blocking
// signalfd. Errors: serve.monitor
[[nodiscard]] Result<UniqueFd> make_signal_fd(std::initializer_list<int> signals);
// The next one that arrived, or 0.
[[nodiscard]] int next_signal(int signal_fd);

// Every signal's default action, none blocked: between fork and exec. Async-signal-safe.
void reset_signals() noexcept;

}  // namespace mullion::os
