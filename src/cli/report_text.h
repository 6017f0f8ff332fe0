// Results for people: on standard error, so that standard output stays the host's.
#pragma once

#include <string>

#include "client/client.h"
#include "core/error.h"

namespace mullion::cli {

// The message, and below it what was tried and offered, the likely causes, and what to do next.
[[nodiscard]] std::string describe(const Error& error);
// "web01: exit 3 in 0.8 s", "web01: refused in 0.1 s"
[[nodiscard]] std::string summary(const std::string& host, const client::RunOutcome& outcome);
// "web01: Microsoft Corporation OS: 10.0.20348 …, by ntlm, sealed, in 0.1 s"
[[nodiscard]] std::string summary(const std::string& host, const client::PingOutcome& outcome);

// An error that is not of one host's result (wrong usage, a file): told at once; gives the exit status.
int tell(const Error& error);

}  // namespace mullion::cli
