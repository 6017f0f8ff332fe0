// How whoever started the service learns that it is ready.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace mullion::cli {

// {"listening":["http://127.0.0.1:5985/wsman"],"ca":"/…/certs/….crt"}; ca is null without HTTPS. A fleet adds
// "hosts":N.
[[nodiscard]] std::string ready_line(const std::vector<std::string>& urls,
                                     const std::optional<std::string>& ca_file,
                                     std::optional<std::size_t> hosts = {});

// That a reload begins, with the time it does so (sd_notify(3), MONOTONIC_USEC).
[[nodiscard]] std::string reloading_state();

// READY=1 to systemd where $NOTIFY_SOCKET names it (sd_notify(3)); nothing elsewhere. False when that fails.
bool notify_systemd(const char* socket_name, const std::string& state);

}  // namespace mullion::cli
