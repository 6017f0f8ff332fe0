// What a check asks of a host, and what the host said. Values only: checks/asking.h carries them.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "checks/sntp.h"
#include "core/clock.h"
#include "core/error.h"
#include "wsman/cim/instance.h"
#include "wsman/cim/operations.h"
#include "wsman/identify.h"

namespace mullion::checks {

// WQL over one namespace. Each row is an instance or a fragment, as the host sent it.
struct Query {
    std::string wql;
    std::string cim_namespace = "root/cimv2";
};

// A method of an object, or of a class (without keys).
struct Call {
    wsman::cim::Target of;
    std::string method;
    std::vector<wsman::cim::Property> arguments = {};
};

// A command in the host's shell, or a script of PowerShell. Its output is taken up to 4 MiB.
struct Command {
    std::string text;
    bool powershell = false;
    bool no_profile = true;
};

// Who are you? DSP0226 11.
struct Identification {};

// What time is it by this time server? No question to the host: checks/time_servers.h asks it.
struct TimeServer {
    std::string host;
    std::uint16_t port = sntp_port;
};

using Ask = std::variant<Query, Call, Command, Identification, TimeServer>;

using Rows = std::vector<wsman::cim::Instance>;

struct CommandOutput {
    std::uint32_t exit_code = 0;
    std::string out, err;  // The host's bytes, as UTF-8 where they were text.
};

// Who answers, and how it is spoken with.
struct Identified {
    wsman::Identity identity;
    std::string transport = {};    // What logged on: "ntlm".
    std::string tls = {};          // "TLSv1.3"; empty without TLS.
    std::string certificate = {};  // The host's, DER; empty without TLS.
};

// The answer to one Ask, of the matching kind; or the error, which is the end of most checks. `rows` of a
// query that failed in between are never given: half an answer is none.
struct Answer {
    std::variant<Error, Rows, wsman::cim::MethodResult, CommandOutput, Identified, ServerTime> of;
    Duration took{0};  // From sending the question to having all of the answer.

    [[nodiscard]] const Error* error() const { return std::get_if<Error>(&of); }
};

}  // namespace mullion::checks
