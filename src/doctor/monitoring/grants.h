// The grants of a monitoring account, and how each is given on the host (docs/doctor.md).
#pragma once

#include <string>
#include <string_view>

#include "doctor/monitoring/monitoring.h"

namespace mullion::doctor::grant {

// Groups by their SIDs: their names are the host's language.
[[nodiscard]] Cause remote_management_users(const std::string& user);
[[nodiscard]] Cause performance_monitor_users(const std::string& user);
[[nodiscard]] Cause event_log_readers(const std::string& user);
[[nodiscard]] Cause administrators(const std::string& user);
[[nodiscard]] Cause root_sddl();         // Read and Execute, for all that WinRM's plug-ins do.
[[nodiscard]] Cause root_sddl_invoke();  // Execute alone.
[[nodiscard]] Cause full_token();        // What UAC takes from local administrators.
[[nodiscard]] Cause cim_namespace(std::string_view name, bool methods);
[[nodiscard]] Cause broken_counters();
[[nodiscard]] Cause no_such_class();
[[nodiscard]] Cause security_privilege();
[[nodiscard]] Cause quiet_log();
[[nodiscard]] Cause service_manager(const std::string& user);
[[nodiscard]] Cause single_services(const std::string& user);
[[nodiscard]] Cause registry_key(std::string_view key);
[[nodiscard]] Cause folder(std::string_view folder, const std::string& user);
[[nodiscard]] Cause folder_empty(std::string_view folder);
[[nodiscard]] Cause remote_shells();
[[nodiscard]] Cause remote_desktop_query();
[[nodiscard]] Cause operations();

}  // namespace mullion::doctor::grant
