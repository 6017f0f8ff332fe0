#include "cli/passed_sockets.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/listen.h"

namespace mullion::cli {
namespace {

constexpr int first_descriptor = 3;  // SD_LISTEN_FDS_START
constexpr int most_sockets = 64;

std::string take_variable(const char* name) {
    const char* const value = std::getenv(name);
    std::string text = value == nullptr ? "" : value;
    ::unsetenv(name);
    return text;
}

int number_in(std::string_view text) {
    int number = -1;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    return problem == std::errc() && end == text.data() + text.size() ? number : -1;
}

Error wrong(std::string what) {
    return {ErrorId::config_invalid, "the sockets that were passed on: " + what};
}

// "*" for all addresses of both versions (BindIPv6Only=both, or a machine that has IPv4 alone); "0.0.0.0" and
// "::" for those of one.
std::string place_of(int descriptor, const std::string& address) {
    if (address == "0.0.0.0") return net::is_own_address("::") ? address : "*";
    if (address != "::") return address;
    int only_six = 1;
    socklen_t size = sizeof only_six;
    const bool known = ::getsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &only_six, &size) == 0;
    return known && only_six == 0 ? "*" : address;
}

// Where it is bound, as a listener's Address says it.
Result<service::PassedSocket> describe(bool https, int descriptor) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    auto* const address = reinterpret_cast<sockaddr*>(&storage);
    const bool named = ::getsockname(descriptor, address, &size) == 0;
    if (!named || (storage.ss_family != AF_INET && storage.ss_family != AF_INET6))
        return wrong(fmt::format(
            "descriptor {} is no listening TCP socket (ListenStream=PORT or ADDRESS:PORT)", descriptor));
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> port{};
    if (::getnameinfo(address, size, host.data(), host.size(), port.data(), port.size(),
                      NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return wrong(fmt::format("descriptor {} has no address", descriptor));
    return service::PassedSocket{https, descriptor, place_of(descriptor, host.data()),
                                 static_cast<std::uint16_t>(number_in(port.data()))};
}

}  // namespace

Result<std::vector<service::PassedSocket>> take_passed_sockets() {
    const std::string pid = take_variable("LISTEN_PID");
    const std::string count_text = take_variable("LISTEN_FDS");
    const std::string names = take_variable("LISTEN_FDNAMES");
    std::vector<service::PassedSocket> sockets;
    if (pid.empty() || number_in(pid) != ::getpid()) return sockets;
    const int count = number_in(count_text);
    if (count < 0 || count > most_sockets) return wrong(fmt::format("LISTEN_FDS is \"{}\"", count_text));
    std::string_view rest = names;
    for (int i = 0; i < count; ++i) {
        const auto end = rest.find(':');
        const auto name = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        if (name != "http" && name != "https")
            return wrong(
                fmt::format("number {} is called \"{}\"; FileDescriptorName= is http or https", i + 1, name));
        const int descriptor = first_descriptor + i;
        // Nobody whom this process starts is to have it.
        if (::fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0)
            return wrong(fmt::format("descriptor {} is not open", descriptor));
        MULLION_ASSIGN(auto socket, describe(name == "https", descriptor));
        sockets.push_back(std::move(socket));
    }
    return sockets;
}

}  // namespace mullion::cli
