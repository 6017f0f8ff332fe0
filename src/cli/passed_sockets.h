// Listening sockets that systemd holds and passes on (sd_listen_fds(3)).
#pragma once

#include <vector>

#include "core/result.h"
#include "service/doors/passed_socket.h"

namespace mullion::cli {

// Those of $LISTEN_FDS, where $LISTEN_PID is this process; their names ($LISTEN_FDNAMES, FileDescriptorName=
// of the unit) say which are for what: "http" or "https". None without the variables, which are gone
// afterwards: no other process is to take them for its own. Errors: config.invalid
[[nodiscard]] Result<std::vector<service::PassedSocket>> take_passed_sockets();

}  // namespace mullion::cli
