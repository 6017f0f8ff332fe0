// The messages of command shells, both ends: Create, Command, Receive, Send, Signal, Delete, Get, Enumerate.
// [MS-WSMV] 2.2.4, 3.1.4.5. Writers give a whole envelope; readers take a Message that read_message() made.
// Readers of requests put the fault to answer with into Error::wsman_code; readers of answers give to_error()
// of a fault that came instead.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "wsman/envelope.h"

namespace mullion::wsman {

// ---- Create ----
struct CreateShell {
    std::string shell_id;  // Chosen by the client; empty: the service chooses. Use the id the answer gives.
    std::string name;
    std::vector<std::pair<std::string, std::string>> environment;
    std::string working_directory;
    std::optional<Duration> idle_timeout;
    std::optional<Duration> lifetime;
    std::string input_streams = "stdin";
    std::string output_streams = "stdout stderr";
    // Options WINRS_NOPROFILE and WINRS_CODEPAGE.
    std::optional<bool> no_profile;
    std::optional<std::uint32_t> code_page;
    // Of the request's header, which write_create() fills from its settings.
    std::string locale;
    std::string data_locale;
};
[[nodiscard]] std::string write_create(const RequestSettings&, std::string_view message_id,
                                       const CreateShell&);
[[nodiscard]] Result<CreateShell> read_create(const Message&);

// rsp:Shell as Create, Get and Enumerate answer it.
struct ShellInfo {
    std::string shell_id;
    std::string name;
    std::string resource_uri;
    std::string owner;
    std::string client_ip;
    std::optional<Duration> idle_timeout;
    std::string input_streams;
    std::string output_streams;
    std::optional<Duration> run_time;
    std::optional<Duration> inactivity;
    std::string state;  // "Connected", "Disconnected"; old hosts send none.
    std::vector<std::pair<std::string, std::string>> environment;
    std::string working_directory;
    // What current Windows tells besides; text as sent.
    std::string process_id;
    std::optional<Duration> max_idle_timeout;
    std::string locale;
    std::string data_locale;
    std::string compression_mode;  // "NoCompression"
    std::string profile_loaded;    // "Yes"
    std::string encoding;          // "UTF8"
    std::string buffer_mode;       // "Block"
    std::string memory_used;       // "46MB"
    std::string child_processes;
    bool operator==(const ShellInfo&) const = default;
};
struct ShellCreated {
    std::string shell_id;  // From the selector set; rsp:Shell/rsp:ShellId where that is missing.
    std::string resource_uri;
    std::string address;
    std::optional<ShellInfo> shell;  // Old stacks leave it out.
};
[[nodiscard]] std::string write_create_response(std::string_view message_id, std::string_view relates_to,
                                                const ShellCreated&);
[[nodiscard]] Result<ShellCreated> read_create_response(const Message&);

// ---- Command ----
struct RunCommand {
    std::string command_id;  // Chosen by the client; empty: the service chooses.
    std::string command;
    std::vector<std::string> arguments;
    std::optional<bool> console_mode_stdin;  // WINRS_CONSOLEMODE_STDIN
    std::optional<bool> skip_cmd_shell;      // WINRS_SKIP_CMD_SHELL
};
[[nodiscard]] std::string write_command(const RequestSettings&, std::string_view message_id,
                                        std::string_view shell_id, const RunCommand&);
[[nodiscard]] Result<RunCommand> read_command(const Message&);
[[nodiscard]] std::string write_command_response(std::string_view message_id, std::string_view relates_to,
                                                 std::string_view command_id);
[[nodiscard]] Result<std::string> read_command_response(const Message&);  // The CommandId.

// ---- Receive ----
struct ReceiveOutput {
    std::string command_id;
    std::string streams = "stdout stderr";  // DesiredStream, names parted by blanks.
    bool keep_alive = false;                // WSMAN_CMDSHELL_OPTION_KEEPALIVE
};
[[nodiscard]] std::string write_receive(const RequestSettings&, std::string_view message_id,
                                        std::string_view shell_id, const ReceiveOutput&);
[[nodiscard]] Result<ReceiveOutput> read_receive(const Message&);

enum class CommandState { pending, running, done };
struct StreamChunk {
    std::string stream;  // "stdout", "stderr"
    std::string command_id;
    std::string bytes;  // Decoded; not text until the shell's code page is known.
    bool end = false;
};
struct ReceivedOutput {
    std::vector<StreamChunk> chunks;
    CommandState state = CommandState::running;
    std::optional<std::uint32_t>
        exit_code;  // Set exactly when state is done; the bits as sent (0xC0000005 …).
    std::string command_id;
};
[[nodiscard]] std::string write_receive_response(std::string_view message_id, std::string_view relates_to,
                                                 const ReceivedOutput&);
[[nodiscard]] Result<ReceivedOutput> read_receive_response(const Message&);

// ---- Send ----
struct SendInput {
    std::string stream = "stdin";
    std::string command_id;
    std::string bytes;
    bool end = false;
};
[[nodiscard]] std::string write_send(const RequestSettings&, std::string_view message_id,
                                     std::string_view shell_id, const SendInput&);
[[nodiscard]] Result<SendInput> read_send(const Message&);
[[nodiscard]] std::string write_send_response(std::string_view message_id, std::string_view relates_to);
// The most bytes that one Send may carry so that its envelope stays within settings.max_envelope_size.
[[nodiscard]] std::size_t send_capacity(const RequestSettings&, std::string_view shell_id,
                                        std::string_view command_id);

// ---- Signal ----
enum class SignalCode { ctrl_c, ctrl_break, terminate };
struct SendSignal {
    std::string command_id;  // Empty: the shell itself.
    SignalCode code = SignalCode::terminate;
};
[[nodiscard]] std::string write_signal(const RequestSettings&, std::string_view message_id,
                                       std::string_view shell_id, const SendSignal&);
[[nodiscard]] Result<SendSignal> read_signal(
    const Message&);  // "Terminate" and PowerShell's codes are read too.
[[nodiscard]] std::string write_signal_response(std::string_view message_id, std::string_view relates_to);

// ---- Delete, Get, Enumerate ----
[[nodiscard]] std::string write_delete(const RequestSettings&, std::string_view message_id,
                                       std::string_view shell_id);
[[nodiscard]] std::string write_delete_response(std::string_view message_id, std::string_view relates_to);
[[nodiscard]] std::string write_get_shell(const RequestSettings&, std::string_view message_id,
                                          std::string_view shell_id);
[[nodiscard]] std::string write_get_shell_response(std::string_view message_id, std::string_view relates_to,
                                                   const ShellInfo&);
[[nodiscard]] Result<ShellInfo> read_get_shell_response(const Message&);

// The answer to Send, Signal or Delete carries nothing; this checks that it is that answer.
[[nodiscard]] Result<void> read_empty_response(const Message&, std::string_view request_action);

}  // namespace mullion::wsman
