// What the service manager of the machine, systemd, says of its units and does with them
// (org.freedesktop.systemd1(5)). An interface, so that tests bring a manager of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace mullion::cim {

// As D-Bus has it: "org.freedesktop.DBus.Error.AccessDenied". What never reached the manager, or took too
// long, has names of the same kind.
struct BusError {
    std::string name, message;
};
namespace bus_error {
inline constexpr const char* timeout = "org.freedesktop.DBus.Error.Timeout";
inline constexpr const char* no_reply = "org.freedesktop.DBus.Error.NoReply";
inline constexpr const char* disconnected = "org.freedesktop.DBus.Error.Disconnected";
inline constexpr const char* no_server = "org.freedesktop.DBus.Error.NoServer";
inline constexpr const char* limits = "org.freedesktop.DBus.Error.LimitsExceeded";
inline constexpr const char* wrong_answer = "org.freedesktop.DBus.Error.InvalidSignature";
}  // namespace bus_error

template <class T>
class BusReply {
public:
    BusReply(T value) : held_(std::move(value)) {}
    BusReply(BusError error) : held_(std::move(error)) {}
    [[nodiscard]] bool ok() const { return held_.index() == 0; }
    [[nodiscard]] T& operator*() { return std::get<0>(held_); }
    [[nodiscard]] T* operator->() { return &std::get<0>(held_); }
    [[nodiscard]] const BusError& error() const { return std::get<1>(held_); }

private:
    std::variant<T, BusError> held_;
};

struct Unit {  // That is loaded: ListUnits.
    std::string name, description, load_state, active_state;
};

struct UnitFile {  // ListUnitFiles
    std::string name, state;
};

struct UnitDetails {  // Of its object. Empty, 0 and nothing: the manager did not say.
    std::string id, description, load_state, active_state, user, result;
    std::vector<std::string> command;  // Its first ExecStart.
    std::optional<std::uint32_t> process;
    std::optional<std::int32_t> exit_code, exit_status;  // si_code and si_status of its process.
    std::optional<std::uint64_t> started;                // When, in microseconds; 0 never.
    std::optional<bool> can_start, can_stop;
};

enum class FileChange { enable, disable, mask, unmask };

// Blocks, each call for a bounded time.
class ServiceManager {
public:
    ServiceManager() = default;
    ServiceManager(const ServiceManager&) = delete;
    ServiceManager& operator=(const ServiceManager&) = delete;
    virtual ~ServiceManager() = default;

    [[nodiscard]] virtual BusReply<std::vector<Unit>> units() = 0;
    [[nodiscard]] virtual BusReply<std::vector<UnitFile>> unit_files() = 0;
    // How it is started, as `systemctl is-enabled` says it: also of an instance of a template, which
    // unit_files() does not list.
    [[nodiscard]] virtual BusReply<std::string> file_state(const std::string& unit) = 0;
    [[nodiscard]] virtual BusReply<UnitDetails> details(const std::string& unit) = 0;
    // What became of the job: "done", "failed", "timeout", "canceled", "dependency", "skipped".
    [[nodiscard]] virtual BusReply<std::string> start(const std::string& unit) = 0;
    [[nodiscard]] virtual BusReply<std::string> stop(const std::string& unit) = 0;
    // False: there is nothing in the unit's file that says what enabling it would mean.
    [[nodiscard]] virtual BusReply<bool> change_file(FileChange change, const std::string& unit) = 0;
    [[nodiscard]] virtual BusReply<bool> reload() = 0;
};

}  // namespace mullion::cim
