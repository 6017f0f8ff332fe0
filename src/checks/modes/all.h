// Every mode: one line each, in modes/<name>.cc with its dashes as underscores.
#pragma once

#include "checks/mode.h"

namespace mullion::checks {

[[nodiscard]] ModeInfo certificates_mode();
[[nodiscard]] ModeInfo connect_mode();
[[nodiscard]] ModeInfo cpu_mode();
[[nodiscard]] ModeInfo disk_io_mode();
[[nodiscard]] ModeInfo eventlog_mode();
[[nodiscard]] ModeInfo files_date_mode();
[[nodiscard]] ModeInfo files_size_mode();
[[nodiscard]] ModeInfo interfaces_mode();
[[nodiscard]] ModeInfo list_interfaces_mode();
[[nodiscard]] ModeInfo list_processes_mode();
[[nodiscard]] ModeInfo list_services_mode();
[[nodiscard]] ModeInfo list_storages_mode();
[[nodiscard]] ModeInfo memory_mode();
[[nodiscard]] ModeInfo pages_mode();
[[nodiscard]] ModeInfo pending_reboot_mode();
[[nodiscard]] ModeInfo processes_mode();
[[nodiscard]] ModeInfo services_mode();
[[nodiscard]] ModeInfo sessions_mode();
[[nodiscard]] ModeInfo storages_mode();
[[nodiscard]] ModeInfo tcp_mode();
[[nodiscard]] ModeInfo time_mode();
[[nodiscard]] ModeInfo updates_mode();
[[nodiscard]] ModeInfo uptime_mode();
[[nodiscard]] ModeInfo wql_mode();

}  // namespace mullion::checks
