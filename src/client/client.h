// Mullion's C++ library: running commands on Windows hosts over WinRM. No Boost, OpenSSL or GSS types here.
//
//     mullion::client::Runtime runtime;
//     auto session = mullion::client::Session::make(runtime, target, std::move(credential));
//     auto outcome = session.value()->run({.command = "ipconfig"}, sink);
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/mechanism.h"
#include "client/config.h"
#include "core/clock.h"
#include "core/result.h"
#include "core/secret.h"
#include "target/target.h"

namespace mullion::client {

struct RuntimeOptions {
    unsigned io_threads = 1;      // Each session lives on one of them (design 2.7).
    unsigned worker_threads = 2;  // For logging on. Names and inputs, which may hang, have their own.
};

// The threads that sessions run on: for I/O, and workers for what may block. Outlives its sessions, and is
// not destroyed in a callback, which is on a thread of its own. Throws std::system_error when the system
// gives it no threads or descriptors (three for each I/O thread).
class Runtime {
public:
    explicit Runtime(RuntimeOptions options = {});
    ~Runtime();
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;

    // From any thread: a Session::make() that waits for a file (a pipe with a name that nobody writes into),
    // and every later one that would, gives up with run.interrupted.
    void stop_waiting();

    struct State;
    [[nodiscard]] State& state() { return *state_; }

private:
    std::unique_ptr<State> state_;
};

enum class Stream { standard_output, standard_error };

// Takes output as it arrives, on the session's I/O thread, which other hosts share: it must not block. One
// that has enough for now says so with ready(), and nothing more is asked of the host until `resume` was
// called: a slow taker slows its host down instead of filling memory. What one answer brought (up to
// max_envelope_size) still comes. A timeout and an interruption end the run meanwhile as well.
class OutputSink {
public:
    virtual ~OutputSink() = default;
    virtual void on_output(Stream stream, std::string_view bytes) = 0;
    // Asked after the on_output calls of an answer, on the same thread. When false, `resume` is kept and
    // called once, from any thread, also before ready() returns; after the result it does nothing.
    [[nodiscard]] virtual bool ready(std::function<void()> resume) {
        (void)resume;
        return true;
    }
};

// Gives standard input. Called on a thread of its own, which it may block (256 at a time; more wait for
// them). An empty chunk is the end.
class InputSource {
public:
    virtual ~InputSource() = default;
    [[nodiscard]] virtual Result<std::string> next(std::size_t at_most) = 0;
    // Makes a next() that blocks return soon; called when the command ended before its input did.
    virtual void cancel() = 0;
};

using SecretVariables = std::vector<std::pair<std::string, Secret>>;

struct RunOptions {
    std::string command;  // The words joined with blanks, verbatim.
    std::string working_directory = {};
    std::vector<std::pair<std::string, std::string>> environment = {};
    std::uint32_t code_page = 65001;
    bool no_profile = false;
    InputSource* input = nullptr;           // Null: the command's input is empty and ended.
    std::optional<Duration> timeout = {};   // Wall clock from the start of the call, none by default.
    std::optional<Duration> wait_for = {};  // How long refused connections and 503 are tried again.
    std::uint64_t max_envelope_size = 153'600;
    // More variables, whose values are secret: in the message that opens the shell, and in no error. The
    // command can read them, and what it starts.
    std::shared_ptr<const SecretVariables> secret_environment = {};
};

// What became of a command. Exactly one per run().
struct RunOutcome {
    Status status = Status::not_started;
    std::optional<std::uint32_t> exit_code;  // As sent.
    bool output_complete = true;             // False: some output may be lost; status and exit code are true.
    std::optional<Error> error;
    std::vector<Error> warnings;  // run.output_incomplete, run.shell_left_open
    std::vector<ErrorId> hints;   // Of WinRM's limits, by what was printed; status and exit code stay.
    Duration duration{0};
    unsigned round_trips = 0;  // HTTP messages until the result was known.
    std::string reason;        // Why a fleet skipped the host.
};

struct PingOptions {
    std::optional<Duration> timeout = {};  // Wall clock; the connect and read timeouts together by default.
    // For diagnosis: whether a host over http takes a message that is not sealed, from who has logged on by a
    // ping before. Identify says nothing that is secret; nobody logs on anew for it.
    bool in_clear = false;
};

struct PingOutcome {
    Status status = Status::not_started;
    std::optional<Error> error;
    std::string vendor, version;  // Of Identify.
    std::string transport;        // What authenticated,
    std::string how;  // and how, for people: "ntlm; kerberos: no KDC of A.TEST answers". Or empty.
    bool sealed = false;
    std::string tls;          // "TLSv1.3"; empty without TLS.
    std::string certificate;  // The host's, DER; empty without TLS.
    Duration duration{0};
    std::string reason;  // Why a fleet skipped the host.
};

// One message of any kind: exchange.h.
struct ExchangeOptions;
struct ExchangeOutcome;

class Session {
public:
    // Errors: auth.credentials, auth.domain_account, tls.files, tls.client_…, auth.plaintext,
    // usage.unsupported: nothing is sent here.
    [[nodiscard]] static Result<std::unique_ptr<Session>> make(Runtime& runtime, target::Target target,
                                                               auth::Credential credential);
    virtual ~Session() = default;

    // Blocks until the result is known. The clean-up (Signal, Delete) goes on in the background for up to
    // 10 s, or the read timeout where the command has ended; finish() waits for it.
    [[nodiscard]] virtual RunOutcome run(const RunOptions& options, OutputSink& sink) = 0;
    // Callback form: `done` is called on the I/O thread. `options` are copied; sink and input must live until
    // then. What sink or input throw is the run's error; what `done` throws is told by finish().
    virtual void run_async(RunOptions options, OutputSink& sink, std::function<void(RunOutcome)> done) = 0;
    [[nodiscard]] virtual PingOutcome ping(const PingOptions& options) = 0;
    [[nodiscard]] PingOutcome ping() { return ping(PingOptions{}); }
    virtual void ping_async(const PingOptions& options, std::function<void(PingOutcome)> done) = 0;
    // Reads and changes winrm/config; Config (config.h) is the easier way to ask.
    [[nodiscard]] virtual ConfigOutcome configure(const ConfigVisit& visit) = 0;
    virtual void configure_async(ConfigVisit visit, std::function<void(ConfigOutcome)> done) = 0;

    // Sends one message and gives the answer, whatever it is: for who speaks WS-Management itself.
    [[nodiscard]] virtual ExchangeOutcome exchange(const ExchangeOptions& options) = 0;
    virtual void exchange_async(ExchangeOptions options, std::function<void(ExchangeOutcome)> done) = 0;

    // Sends ctrl_c to a running command, which may go on all the same; its run() goes on, too. Where none
    // runs, and where the host does not take it, this is interrupt(). From any thread, as interrupt().
    virtual void send_ctrl_c() = 0;
    // Ends a running command: ctrl_c, then terminate, then Delete. Safe from any thread, but not from a
    // signal handler. The run() ends with run.interrupted; when nothing was in progress, the next one does.
    virtual void interrupt() = 0;
    // Waits for clean-up; warnings that came after the outcome (a shell left open).
    [[nodiscard]] virtual std::vector<Error> finish() = 0;
    virtual void finish_async(std::function<void(std::vector<Error>)> done) = 0;
};

// How a shell that is held is opened.
struct ShellOptions {
    std::string working_directory = {};
    std::vector<std::pair<std::string, std::string>> environment = {};
    std::uint32_t code_page = 65001;
    bool no_profile = false;
    std::optional<Duration> wait_for = {};  // As in RunOptions, for each command.
    std::uint64_t max_envelope_size = 153'600;
};

struct CommandOptions {
    std::string command;                   // The words joined with blanks, verbatim.
    InputSource* input = nullptr;          // Null: the command's input is empty and ended.
    std::optional<Duration> timeout = {};  // Wall clock from the start of the call, none by default.
};

// Several commands in one shell, one after the other: logging on and opening it are paid for once, so a
// further command is two round trips until its result. Each is a process of its own: `cd` and `set` do not
// last.
//
// A shell that the host has ended meanwhile (idle for too long, restarted), or whose operations are used up,
// is replaced by a new one, as long as that cannot make the command run twice.
class CommandShell {
public:
    // Nothing is sent here: the first command opens the shell. Errors: as Session::make.
    [[nodiscard]] static Result<std::unique_ptr<CommandShell>> make(Runtime& runtime, target::Target target,
                                                                    auth::Credential credential,
                                                                    ShellOptions options = {});
    // Ends a running command and deletes the shell in the background, for up to 10 s; the Runtime's end
    // waits.
    virtual ~CommandShell() = default;

    // As Session::run. Signal follows in the background; the next command waits for its answer.
    [[nodiscard]] virtual RunOutcome run(const CommandOptions& options, OutputSink& sink) = 0;
    virtual void run_async(CommandOptions options, OutputSink& sink,
                           std::function<void(RunOutcome)> done) = 0;
    // As Session::interrupt. The shell stays, unless the command does not end.
    virtual void interrupt() = 0;
    // Deletes the shell after what is in progress; warnings that came after an outcome (a shell left open). A
    // further run() opens a new one.
    [[nodiscard]] virtual std::vector<Error> close() = 0;
    virtual void close_async(std::function<void(std::vector<Error>)> done) = 0;
};

}  // namespace mullion::client
