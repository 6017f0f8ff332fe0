// What Win32_Service says of a unit of systemd, and which of Windows' codes a call of its methods ends with.
// Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cim/service_manager.h"

namespace mullion::cim {

// Win32_Service's methods return these ("StartService method of the Win32_Service class").
namespace service_code {
inline constexpr std::uint32_t success = 0;
inline constexpr std::uint32_t not_supported = 1;
inline constexpr std::uint32_t access_denied = 2;
inline constexpr std::uint32_t cannot_accept = 5;
inline constexpr std::uint32_t not_active = 6;
inline constexpr std::uint32_t timed_out = 7;
inline constexpr std::uint32_t unknown_failure = 8;
inline constexpr std::uint32_t path_not_found = 9;
inline constexpr std::uint32_t already_running = 10;
inline constexpr std::uint32_t dependency_failed = 13;
inline constexpr std::uint32_t disabled = 14;
inline constexpr std::uint32_t logon_failed = 15;
inline constexpr std::uint32_t circular = 18;
inline constexpr std::uint32_t invalid_parameter = 21;
}  // namespace service_code

// "ssh" of ssh.service. Nothing: no service, or a template without an instance.
[[nodiscard]] std::optional<std::string> service_name(std::string_view unit);

[[nodiscard]] std::string_view state_name(std::string_view active_state);  // "Running", "Start Pending" …
// "Auto", "Manual" or "Disabled", by the state of its file; nothing where the manager cannot read that.
[[nodiscard]] std::optional<std::string_view> start_mode(std::string_view file_state);
// 1077 (ERROR_SERVICE_NEVER_STARTED) where it never was.
[[nodiscard]] std::optional<std::uint32_t> exit_code(const UnitDetails& details);
// Words with blanks in quotes, as Windows has them.
[[nodiscard]] std::string path_name(const UnitDetails& details);

[[nodiscard]] std::uint32_t code_of(const BusError& error);
// Of a job that has ended; `details` are the unit's afterwards.
[[nodiscard]] std::uint32_t code_of_job(std::string_view result, const std::optional<UnitDetails>& details);

}  // namespace mullion::cim
