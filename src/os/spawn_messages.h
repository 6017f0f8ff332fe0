// What the network process and the monitor say to each other over a SOCK_SEQPACKET pair: one type per
// direction, so that neither can send a message meant for the other. Descriptors travel beside the bytes
// (SCM_RIGHTS). Parsed by the privileged side, so bounded and strict: unknown is refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/result.h"
#include "core/secret.h"

namespace mullion::os {

inline constexpr std::size_t spawn_message_limit = 192 * 1024;  // Bytes of one message.
inline constexpr std::size_t spawn_argument_limit = 64;
inline constexpr std::size_t spawn_argument_bytes = 128 * 1024 - 1;  // MAX_ARG_STRLEN less the NUL.
inline constexpr std::size_t spawn_environment_limit = 256;
inline constexpr std::size_t spawn_ticket_bytes = 48 * 1024;  // Windows' MaxTokenSize.
inline constexpr std::size_t spawn_ticket_name = 4096;        // Of a principal.
inline constexpr std::size_t spawn_shell_name = 64;           // A GUID has 36.
inline constexpr std::size_t spawn_processes_limit = 4096;    // Tokens not yet released.
inline constexpr std::size_t logon_name_bytes = 256;
inline constexpr std::size_t logon_password_bytes = 511;  // PAM_MAX_RESP_SIZE less the NUL.
inline constexpr std::size_t logon_detail_bytes = 256;

// A forwarded ticket that the command may use: the monitor puts it into a cache of the command's own, as it
// is. The forms are those of MIT's caches.
struct SpawnTicket {
    std::string client;  // The principal, marshalled.
    std::string server;  // "krbtgt/EXAMPLE.TEST@EXAMPLE.TEST"
    Secret credential;   // Marshalled.
};

// ---- network process → monitor ----
// Start a process in a session and process group of its own, with stdin, stdout and stderr as pipes whose
// other ends come back with Spawned.
struct SpawnRequest {
    std::uint64_t token = 0;  // Chosen by the network process, unique for the life of the monitor.
    // Looked up by the monitor, and checked against DIR/shell-users.
    std::string unix_user;
    // argv[0] is an absolute path, or a name without a slash, which the user's own process looks for on PATH.
    std::vector<std::string> argv;
    // Added to HOME USER LOGNAME SHELL PATH LANG, and stronger than they are. LD_* is refused (EPERM).
    std::vector<std::pair<std::string, std::string>> environment;
    // Empty: the user's home, / where it is missing.
    std::string working_directory;
    std::shared_ptr<const SpawnTicket>
        ticket{};  // Null mostly. Then KRB5CCNAME is set, unless `environment` has it.
    // All processes of one shell share what it may use. A to Z, 0 to 9 and '-': it becomes a file's name.
    std::string shell{};
    std::uint32_t memory_mb = 0;  // Of the shell; 0: no limit.
    std::string address{};        // PAM_RHOST of its session: the client's; may be empty.
    // The user's own shell, as the machine's list of users has it, stands in the place of argv[0].
    bool login_shell = false;
};
// To the whole process group.
struct SignalRequest {
    std::uint64_t token = 0;
    enum class What : std::uint8_t { interrupt = 1, quit = 2, kill = 3 } what = What::kill;
};
// The last word on a token, needed after Exited too: what is left of the process group is killed, and the
// token forgotten. Until then the monitor keeps the ended leader unreaped, so its group id cannot become
// someone else's, and SignalRequest reaches the children that it left behind. No answer, and no Exited,
// follows.
struct Release {
    std::uint64_t token = 0;
};
// Is that the password of a Linux user? PAM is asked, where the monitor was started so. A domain in front of
// the name, or a realm behind it, counts where Linux knows the name with it.
struct LogonRequest {
    std::uint64_t token = 0;  // As a command's.
    std::string user;
    std::string address;  // PAM_RHOST: the client's; may be empty.
    std::shared_ptr<const Secret> password{};
};
using ToMonitor = std::variant<SpawnRequest, SignalRequest, Release, LogonRequest>;

// ---- monitor → network process ----
struct Spawned {
    std::uint64_t token = 0;
    std::uint32_t pid = 0;  // With three descriptors: stdin (write), stdout, stderr (read).
};
struct SpawnFailed {
    std::uint64_t token = 0;
    std::int32_t error = 0;  // errno
    std::string step;        // "look up user", "become user", "change directory", "execute" …
};
struct Exited {
    std::uint64_t token = 0;
    bool signalled = false;
    std::int32_t value = 0;    // Exit status, or the signal's number.
    bool over_memory = false;  // A process of its shell was killed for want of memory meanwhile.
};
// The answer to a LogonRequest.
struct LogonEnded {
    std::uint64_t token = 0;
    // refused: the password. denied: it is right, and does not let him in. busy: PAM was not asked.
    // Everything but let_in is for the log, and never for the client.
    enum class What : std::uint8_t {
        let_in = 1,
        refused = 2,
        expired = 3,
        broken = 4,
        busy = 5,
        denied = 6
    } what = What::refused;
    std::string unix_user;  // Of who is let in: as the machine's list of users spells it.
    std::string detail;     // Why not, in PAM's words; never what a module wrote.
};
using FromMonitor = std::variant<Spawned, SpawnFailed, Exited, LogonEnded>;

// LD_PRELOAD and the like, which would load somebody's code into what runs: the monitor refuses them.
[[nodiscard]] bool is_loader_variable(std::string_view name);

// Before encode: whether the monitor can take it. It ends, with every process, on a message that breaks these
// rules. Errors: serve.spawn (a NUL, a name with '=', a relative path), serve.spawn_too_large
[[nodiscard]] Result<void> check(const SpawnRequest& request);
// The same of a name or a password that no Linux user has. Errors: auth.rejected
[[nodiscard]] Result<void> check(const LogonRequest& request);

// A message with a ticket or a password is wiped by whoever has sent, or decoded, it.
[[nodiscard]] std::string encode(const ToMonitor& message);
[[nodiscard]] std::string encode(const FromMonitor& message);
// Nothing for whatever is not exactly one well-formed message.
[[nodiscard]] std::optional<ToMonitor> decode_to_monitor(std::string_view bytes);
[[nodiscard]] std::optional<FromMonitor> decode_from_monitor(std::string_view bytes);

}  // namespace mullion::os
