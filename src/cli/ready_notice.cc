#include "cli/ready_notice.h"

#include <fmt/core.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <nlohmann/json.hpp>

#include "os/file.h"

namespace mullion::cli {

std::string ready_line(const std::vector<std::string>& urls, const std::optional<std::string>& ca_file,
                       std::optional<std::size_t> hosts) {
    nlohmann::ordered_json line;
    line["listening"] = urls;
    line["ca"] = ca_file ? nlohmann::ordered_json(*ca_file) : nlohmann::ordered_json(nullptr);
    if (hosts) line["hosts"] = *hosts;
    return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string reloading_state() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    constexpr std::int64_t microseconds = 1'000'000;
    return fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now.tv_sec * microseconds + now.tv_nsec / 1'000);
}

bool notify_systemd(const char* socket_name, const std::string& state) {
    if (socket_name == nullptr || *socket_name == '\0') return true;
    const std::size_t length = std::strlen(socket_name);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (length >= sizeof address.sun_path) return false;
    std::memcpy(address.sun_path, socket_name, length);
    if (address.sun_path[0] == '@') address.sun_path[0] = '\0';  // An abstract name.
    const os::UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
    return socket &&
           sendto(socket.get(), state.data(), state.size(), MSG_NOSIGNAL,
                  reinterpret_cast<const sockaddr*>(&address), size) == static_cast<ssize_t>(state.size());
}

}  // namespace mullion::cli
