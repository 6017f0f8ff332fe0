// What tests of shells say to the service.
#pragma once

#include <string>
#include <utility>

#include "service/tests/service_fixture.h"

namespace mullion::service::testing {

namespace code = wsman::code;

inline constexpr const char* guid = "AAAAAAAA-0000-4000-8000-00000000000A";
inline constexpr const char* nobody_has_it = "12345678-0000-4000-8000-000000000000";

class ShellsTest : public ServiceFixture {
protected:
    std::string create_body(const wsman::CreateShell& what) {
        return wsman::write_create(request, message_id(), what);
    }
    std::string command_body(const std::string& shell, const wsman::RunCommand& what) {
        return wsman::write_command(request, message_id(), shell, what);
    }
    std::string send_body(const std::string& shell, const std::string& command, std::string bytes,
                          bool end = false, std::string stream = "stdin") {
        wsman::SendInput what;
        what.stream = std::move(stream);
        what.command_id = command;
        what.bytes = std::move(bytes);
        what.end = end;
        return wsman::write_send(request, message_id(), shell, what);
    }
    std::string signal_body(const std::string& shell, const std::string& command, wsman::SignalCode signal) {
        return wsman::write_signal(request, message_id(), shell, {command, signal});
    }
    std::string delete_body(const std::string& shell) {
        return wsman::write_delete(request, message_id(), shell);
    }
};

}  // namespace mullion::service::testing
