// What went wrong, as a value. Every failure has a row in errors.def.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mullion {

enum class ErrorId {
#define MULLION_ERROR(enumerator, ...) enumerator,
#include "core/errors.def"
#undef MULLION_ERROR
};

enum class Phase { usage, resolve, connect, tls, http, auth, seal, wsman, run, state, serve };

// What the failure says about the work that was asked for.
enum class Effect {
    nothing_sent,  // The host saw nothing of it. Safe to repeat.
    refused,       // The host said no, and did nothing.
    unknown,       // It may have been done. Never repeated by itself.
};

// A host's status in results (design 3).
enum class Status { ok, failed, unreachable, refused, timed_out, unknown, skipped, not_started };

[[nodiscard]] std::string_view to_string(Phase phase);
[[nodiscard]] std::string_view to_string(Effect effect);
[[nodiscard]] std::string_view to_string(Status status);

// One row of errors.def. Views are of static storage.
struct ErrorRow {
    ErrorId error;
    std::string_view id;
    Phase phase;
    Effect effect;
    Status status;
    int exit_code;
    std::string_view text;
    std::vector<std::string_view> causes;
    std::vector<std::string_view> advice;
};

[[nodiscard]] const ErrorRow& row(ErrorId error);
[[nodiscard]] const std::vector<ErrorRow>& all_errors();

// A failure. For people: never holds a secret, never a whole message.
struct Error {
    ErrorId id = ErrorId::usage_invalid;
    std::string detail;  // What happened exactly: "connect to 10.0.0.1 port 5985: Connection refused".

    std::string host;                         // As the operator wrote it; set by the room that knows it.
    std::string step;                         // What was being done: "create shell", "TLS handshake".
    std::vector<std::string> advice;          // More to do next, ahead of the row's own.
    std::optional<std::uint32_t> wsman_code;  // The fault's WSMan code, as in f:WSManFault/@Code.
    std::optional<int> http_status;
    std::vector<std::string> offered;  // Schemes that a 401 offered, as sent.
    std::string tried;                 // Scheme that was tried, with what was sent ("ntlm in Negotiate").

    Error() = default;
    Error(ErrorId error, std::string what) : id(error), detail(std::move(what)) {}

    [[nodiscard]] const ErrorRow& info() const { return row(id); }
    // "HOST: STEP: TEXT: DETAIL", without the parts that are empty.
    [[nodiscard]] std::string message() const;
    // What to do next: own advice first, then the row's.
    [[nodiscard]] std::vector<std::string> all_advice() const;

    // Sets what is still empty; the room nearest to the failure wins.
    Error&& at_step(std::string_view name) &&;
    Error&& on_host(std::string_view name) &&;
};

}  // namespace mullion
