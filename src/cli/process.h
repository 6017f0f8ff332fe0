// What every executable of Mullion does around its work.
#pragma once

#include <functional>

namespace mullion::cli {

// Runs it, tells of bugs, flushes, and ends the process.
[[noreturn]] void run_process(const std::function<int()>& work);

}  // namespace mullion::cli
