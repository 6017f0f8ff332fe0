// Results for people: on standard error, so that standard output stays the host's.
#pragma once

#include <string>
#include <string_view>

#include "client/client.h"
#include "core/error.h"

namespace mullion::cli {

// A line of causes or advice in other words; an empty one is left out.
using Wording = std::string (*)(std::string_view line);

// The message, and below it what was tried and offered, the likely causes, and what to do next.
[[nodiscard]] std::string describe(const Error& error);
[[nodiscard]] std::string describe(const Error& error, Wording wording);
// "web01: exit 3 in 0.8 s", "web01: refused in 0.1 s"
[[nodiscard]] std::string summary(const std::string& host, const client::RunOutcome& outcome);
// Of one of several hosts, in one line: "web01: exit 3 in 0.8 s", "web01: refused in 0.1 s: log on: the host
// rejected the credentials: HTTP 401 [auth.rejected] (tried ntlm; offered Negotiate)", "web01: skipped: …".
[[nodiscard]] std::string brief(const std::string& host, const client::RunOutcome& outcome);
[[nodiscard]] std::string brief(const std::string& host, const client::PingOutcome& outcome);
[[nodiscard]] std::string brief(const std::string& host, const client::ConfigOutcome& outcome);
// Of the one host, below its error: "web01: refused in 0.1 s", "web01: skipped: …".
[[nodiscard]] std::string brief_status(const std::string& host, Status status, Duration duration,
                                       const std::string& reason);
// A warning of one of several hosts.
[[nodiscard]] std::string brief(const std::string& host, const Error& warning);
// The indented lines below an error: likely causes, and what to do next.
[[nodiscard]] std::string causes_and_advice(const Error& error);
[[nodiscard]] std::string causes_and_advice(const Error& error, Wording wording);
// "3.2 s"
[[nodiscard]] std::string seconds(Duration duration);
// "mullion: warning: …"
[[nodiscard]] std::string warning(std::string_view text);

// "web01: Microsoft Corporation OS: 10.0.20348 …, by ntlm, sealed, in 0.1 s"
[[nodiscard]] std::string summary(const std::string& host, const client::PingOutcome& outcome);

// An error that is not of one host's result (wrong usage, a file): told at once; gives the exit status.
int tell(const Error& error);

}  // namespace mullion::cli
