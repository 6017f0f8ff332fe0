// The numbers that Windows reports failures with, beside WS-Management's own: of Win32 and WinHTTP, as they
// are and inside an HRESULT (0x8007....), and those of its security, certificate and WMI interfaces.
#pragma once

#include <cstdint>
#include <string>

namespace mullion::winrm {

// What `winrm helpmsg` says of a code; empty where it is in no table.
[[nodiscard]] std::string message_of(std::uint32_t code);

}  // namespace mullion::winrm
