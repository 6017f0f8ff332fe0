// `winrm quickconfig`: starts the service, makes its listener and opens its port, as Windows' does and in its
// words. What is to be changed is listed before it is asked for; what is right already is left alone.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/machine.h"
#include "core/result.h"

namespace mullion::cli {

struct QuickconfigOptions {
    bool https = false;  // -transport:https
    bool quiet = false;  // -quiet: nothing is asked.
    bool force = false;  // -force: goes on where the firewall cannot be changed, and tells the commands.
    std::string state = "/var/lib/mullion";
};

// A row of winrm/config/listener.
struct ListenerRow {
    std::string address = "*";
    bool https = false;
    std::uint16_t port = 0;  // 0: that of Service/DefaultPorts.
    bool enabled = true;
    std::string host_name;   // HTTPS: of the certificate.
    std::string thumbprint;  // HTTPS.
};

// What a machine's service and its operator are asked for; each is called only when it is its turn.
struct QuickconfigParts {
    Machine& machine;
    std::function<Result<bool>()> running;  // Whether the service answers, whoever started it.
    std::function<Result<std::vector<ListenerRow>>()> listeners;
    std::function<Result<void>(const ListenerRow&)> create_listener;
    // The thumbprint of a certificate of My with its key, valid and for that name. Nothing: there is none.
    std::function<Result<std::optional<std::string>>(const std::string& host_name)> find_certificate;
    std::function<Result<std::string>(const std::string& host_name)> create_certificate;  // Self-signed.
    std::function<Result<bool>()> ask;            // "Make these changes [y/n]? "; true: yes.
    std::function<void(std::string_view)> print;  // A line of the answer.
};

// The exit status: 0 everything is as it should be, 1 the answer was no. Errors: usage.unsupported (what
// cannot be done here, with how it is done by hand), and those of the parts.
[[nodiscard]] Result<int> quickconfig(const QuickconfigOptions& options, const QuickconfigParts& parts);

}  // namespace mullion::cli
