// `mullion prepare host`: a Windows host that answers WinRM as it was asked for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "prepare/step.h"

namespace mullion::prepare {

// As they were typed; what is empty was not.
struct HostWords {
    std::string transport = "https";          // http, https, both, none.
    std::string certificate = "self-signed";  // self-signed, THUMBPRINT, template:NAME.
    std::string days;                         // How long a self-signed one is valid.
    std::string auth;                         // basic,no-negotiate,credssp…
    std::string port;                         // Of the listener, where it is one.
    std::string allow_from = "any";           // Of the firewall's rule.
    std::string profiles = "domain,private";  // Of it.
    bool no_firewall = false;
    std::string credssp_certificate;  // THUMBPRINT, or "listener".
    bool tls12 = false;
    std::vector<std::string> settings;  // PATH=VALUE.
    std::string remove_listeners;       // http, https, all: those that are not made here.
};

// Errors: usage.invalid
[[nodiscard]] Result<Plan> plan_host(const HostWords& words);

}  // namespace mullion::prepare
