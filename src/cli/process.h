// What every executable of Mullion does around its work.
#pragma once

#include <functional>

namespace mullion::cli {

// What is still there when the work is done. A client leaves its hosts to the end of the process, a service
// nothing.
enum class Leaves { what_it_had, nothing };

// Runs it, tells of bugs, flushes, and ends the process. Builds with the address sanitizer look whether it
// left nothing.
[[noreturn]] void run_process(const std::function<int()>& work, Leaves leaves = Leaves::what_it_had);

}  // namespace mullion::cli
