// The service manager by sd-bus.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "cim/service_manager.h"

namespace mullion::cim {

struct SystemdOptions {
    std::string address;  // Of the bus, as D-Bus writes it: "unix:path=/run/dbus/system_bus_socket".
    std::chrono::milliseconds patience{10'000};      // With the log-on to the bus, and with each answer.
    std::chrono::milliseconds job_patience{30'000};  // With a job: services take their time to start.
    std::size_t most_units = 100'000;
};

// DBUS_SYSTEM_BUS_ADDRESS, else where the system bus is.
[[nodiscard]] SystemdOptions system_bus_options();

[[nodiscard]] BusReply<std::unique_ptr<ServiceManager>> connect_to_systemd(const SystemdOptions& options);

}  // namespace mullion::cim
