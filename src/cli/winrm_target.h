// From the switches of `winrm` and `winrs` to a host and who logs on there.
#pragma once

#include <memory>

#include "auth/mechanism.h"
#include "cli/one_host.h"
#include "cli/own_options.h"
#include "core/result.h"
#include "target/target.h"
#include "winrm/command_line.h"

namespace mullion::cli {

struct Reached {
    target::Target target;
    auth::Credential credential;
    bool no_profile = false;                     // The credential says so.
    std::shared_ptr<const void> kept = nullptr;  // What a log-on by the secret store needs meanwhile.
};

// Where a command goes that names an account and no host: this machine's own service.
[[nodiscard]] winrm::Endpoint local_endpoint();

// Settled. Without a host and an account it is DIR/run/admin.sock of --state. Errors: usage.invalid,
// usage.unsupported (-auth:none and digest, proxies that want a log-on …)
[[nodiscard]] Result<target::Target> target_of(const winrm::Connection& connection, const OwnOptions& own,
                                               const FillTarget& fill = {});

// Asks for the password where one is needed and none was given; opens the credential where one is named, for
// `purpose`. Errors: those of target_of, read_password and HostSecrets
[[nodiscard]] Result<Reached> reach(winrm::Connection connection, const OwnOptions& own,
                                    secrets::Purpose purpose);

}  // namespace mullion::cli
