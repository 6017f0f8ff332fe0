// The child that asks PAM about one password, and the one record that it leaves.
#pragma once

#include <sys/types.h>

#include "monitor/pam_talk.h"
#include "os/spawn_messages.h"

namespace mullion::monitor {

// Less than PIPE_BUF, so whole.
struct LogonRecord {
    os::LogonEnded::What what = os::LogonEnded::What::broken;
    uid_t uid = static_cast<uid_t>(-1);  // Of `unix_user`.
    char unix_user[257] = {};
    char detail[257] = {};
};

// In the child, after the fork: writes a record to `out`, and ends.
[[noreturn]] void ask_pam(const os::LogonRequest& request, const os::PamService& service, int out,
                          pid_t monitor);

}  // namespace mullion::monitor
