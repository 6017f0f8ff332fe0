// What is on the command line of `mullion prepare`.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/connection_options.h"
#include "cli/fleet_run.h"
#include "cli/format.h"
#include "cli/password.h"
#include "core/clock.h"
#include "prepare/domain/plan_domain.h"
#include "prepare/host/plan_host.h"
#include "prepare/script.h"
#include "prepare/user/plan_monitoring_user.h"

namespace mullion::cli {

struct PrepareWords {
    std::shared_ptr<ConnectionOptions> connection;  // For --apply, whose value is its `text`.
    FleetOptions fleet;
    Format format = Format::text;
    std::optional<Duration> timeout;
    bool check = false;
    bool undo = false;
    PasswordSource new_password;  // Of the account that is made.
    prepare::HostWords host;
    prepare::UserWords user;
    prepare::DomainWords domain;

    [[nodiscard]] prepare::Mode mode() const {
        if (undo) return prepare::Mode::undo;
        return check ? prepare::Mode::check : prepare::Mode::apply;
    }
};

// Runs the plan's script on the hosts of --apply, and gives the exit status.
[[nodiscard]] int apply_plan(PrepareWords& words, const prepare::Plan& plan);

}  // namespace mullion::cli
