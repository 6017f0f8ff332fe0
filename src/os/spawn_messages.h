// What the network process and the monitor say to each other over a SOCK_SEQPACKET pair: one type per direction,
// so that neither can send a message meant for the other. Descriptors travel beside the bytes (SCM_RIGHTS).
// Parsed by the privileged side, so bounded and strict: unknown is refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mullion::os {

inline constexpr std::size_t spawn_message_limit = 192 * 1024;  // Bytes of one message.

// ---- network process → monitor ----
// Start a process in a session and process group of its own, with stdin, stdout and stderr as pipes whose other ends
// come back with Spawned.
struct SpawnRequest {
    std::uint64_t token = 0;        // Chosen by the network process, unique for the life of the monitor.
    std::string unix_user;          // Name; the monitor looks it up and checks it against DIR/shell-users.
    std::vector<std::string> argv;  // argv[0] is an absolute path. At most 64, 128 KiB each (the kernel's limit).
    std::vector<std::pair<std::string, std::string>> environment;  // Added to HOME USER LOGNAME SHELL PATH LANG. At most 256.
    std::string working_directory;  // Empty: the user's home, / where it is missing.
};
struct SignalRequest {
    std::uint64_t token = 0;
    enum class What : std::uint8_t { interrupt = 1, quit = 2, kill = 3 } what = What::kill;  // To the process group.
};
using ToMonitor = std::variant<SpawnRequest, SignalRequest>;

// ---- monitor → network process ----
struct Spawned {
    std::uint64_t token = 0;
    std::uint32_t pid = 0;  // With three descriptors: stdin (write), stdout, stderr (read).
};
struct SpawnFailed {
    std::uint64_t token = 0;
    std::int32_t error = 0;  // errno
    std::string step;        // "look up user", "become user", "change directory", "execute"
};
struct Exited {
    std::uint64_t token = 0;
    bool signalled = false;
    std::int32_t value = 0;  // Exit status, or the signal's number.
};
using FromMonitor = std::variant<Spawned, SpawnFailed, Exited>;

[[nodiscard]] std::string encode(const ToMonitor& message);
[[nodiscard]] std::string encode(const FromMonitor& message);
// Nothing for whatever is not exactly one well-formed message.
[[nodiscard]] std::optional<ToMonitor> decode_to_monitor(std::string_view bytes);
[[nodiscard]] std::optional<FromMonitor> decode_from_monitor(std::string_view bytes);

}  // namespace mullion::os
