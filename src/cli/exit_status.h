// Exit statuses of every command (design 3).
#pragma once

namespace mullion::cli::exit_status {

inline constexpr int ok = 0;
inline constexpr int command_failed = 2;  // A command ran and gave a code that is not 0.
inline constexpr int host_failed = 4;     // A host was not reached, refused, timed out or is unknown.
inline constexpr int usage = 5;           // The command line or a file it names is wrong.
inline constexpr int bug = 70;            // EX_SOFTWARE of sysexits.h.
inline constexpr int interrupted = 130;   // 128 + SIGINT, as shells say it.

}  // namespace mullion::cli::exit_status
