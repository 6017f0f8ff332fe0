// Who runs the commands of shells: processes of this machine (process_backend), or a script of a test or of
// the simulator. Everything here happens on the one executor that shells live on.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "auth/mechanism.h"
#include "net/task.h"
#include "service/requests/outcome.h"
#include "wsman/shell.h"

namespace mullion::service {

struct Shell;

enum class OutputStream { standard_output, standard_error };
enum class ProcessSignal { interrupt, quit, kill };

struct CommandStart {
    std::string unix_user;
    std::string user;  // The account.
    std::string shell_id;
    std::string command_id;
    std::vector<std::string> argv;                                 // As command_words() made them.
    std::vector<std::pair<std::string, std::string>> environment;  // On top of the user's own.
    std::string working_directory;                                 // Empty: the user's home.
    std::shared_ptr<const auth::Delegated> delegated;              // What the shell was handed; null mostly.
    std::string address;                          // Of who starts it; empty: he sits at this machine.
    bool login_shell = false;                     // The Linux user's own, in the place of argv[0].
    std::uint32_t memory_mb = 0;                  // All processes of the shell; 0: no limit.
    std::string_view memory_is_of = "the shell";  // To who is told of it; a literal.
};

// Why a command did not begin.
struct StartFailure {
    int error = 0;     // errno
    std::string step;  // "change directory", "execute" …
};

// A command that runs or has run, with everything in its process group. Destruction kills the group.
class RunningProcess {
public:
    virtual ~RunningProcess() = default;
    // The next bytes; empty at the end of the stream, or after close_output(). One read per stream at a time.
    [[nodiscard]] virtual net::Task<std::string> read(OutputStream from) = 0;
    // All of it. False when nobody reads any more, or after close_input(), which ends a write that waits.
    [[nodiscard]] virtual net::Task<bool> write_input(std::string bytes) = 0;
    virtual void close_input() = 0;
    // The exit code once the process is gone: its status, or 128 + the signal that ended it, as sh says it.
    [[nodiscard]] virtual net::Task<std::uint32_t> exit_code() = 0;
    // What the client is to be told behind the last byte of standard error, as soon as that is known: mostly
    // nothing, and at once.
    [[nodiscard]] virtual net::Task<std::string> last_words() { co_return std::string(); }
    // To the whole process group.
    virtual void send(ProcessSignal signal) = 0;
    // Pending and later reads end: what still holds the pipes is not waited for.
    virtual void close_output() = 0;
    // Everything that was read has gone into an answer. Processes do not care; scripts may wait for it.
    virtual void output_taken() {}
};

class CommandBackend {
public:
    using Started = std::variant<std::unique_ptr<RunningProcess>, StartFailure>;
    virtual ~CommandBackend() = default;
    // Whether commands may have such a variable. Here: any.
    [[nodiscard]] virtual bool takes_variable(std::string_view /*name*/) const { return true; }
    // What the words of a Command become: CommandStart::argv. Here: as command_line.h says.
    [[nodiscard]] virtual Outcome<std::vector<std::string>> command_words(const Shell& shell,
                                                                          const wsman::RunCommand& what);
    [[nodiscard]] virtual net::Task<Started> start(CommandStart what) = 0;
};

}  // namespace mullion::service
