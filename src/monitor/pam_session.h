// A PAM session around a command: opened by root before the command is somebody, closed by root after it has
// ended (ADR 36).
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "monitor/policy.h"
#include "os/pam_service.h"

namespace mullion::monitor {

inline constexpr const char* session_step = "open the PAM session";

// The descriptors that the process which holds a session has, from first_kept_descriptor on.
enum SessionDescriptor : int {
    session_report = 3,
    session_input,
    session_output,
    session_error,
    session_door
};

struct SessionParts {
    const os::PamService& service;
    const Person& person;
    const std::string& address;  // PAM_RHOST; may be empty.
    // Before the session's process is made into two: what the modules put into the environment.
    std::function<void(const std::vector<std::string>&)> take_environment;
    // In the new process, which is the monitor's child, not this one's, and has everything that the modules
    // set for a process (limits, groups, keys, mask). Never comes back.
    std::function<void()> become_command;
};

// In a child of the monitor, after set_the_scene(): opens the session, has the command made, waits until the
// monitor closes the door, or is gone, and closes the session. Exit status 0: it was closed.
[[noreturn]] void hold_session(const SessionParts& parts);

}  // namespace mullion::monitor
