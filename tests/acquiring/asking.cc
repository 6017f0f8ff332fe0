#include "acquiring/asking.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace mullion {
namespace {

std::string receive(int descriptor, std::size_t size) {
    std::string bytes(size, '\0');
    if (::recv(descriptor, bytes.data(), size, MSG_WAITALL) != static_cast<ssize_t>(size)) return {};
    return bytes;
}

std::uint16_t port_of(const std::string& realm) {
    const auto kdcs = kerberos::kdcs_of({}, realm);
    if (!kdcs || kdcs->empty()) return 0;
    return static_cast<std::uint16_t>(std::atoi(kdcs->front().substr(kdcs->front().rfind(':') + 1).c_str()));
}

}  // namespace

std::string ask_kdc(const kerberos::KdcRequest& request) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port_of(request.realm));
    std::string answer;
    if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        const std::uint32_t size = htonl(static_cast<std::uint32_t>(request.message.size()));
        std::string message(reinterpret_cast<const char*>(&size), sizeof size);
        message += request.message;
        if (::send(descriptor, message.data(), message.size(), MSG_NOSIGNAL) > 0) {
            const auto length = receive(descriptor, 4);
            std::uint32_t number = 0;
            if (length.size() == 4) length.copy(reinterpret_cast<char*>(&number), 4);
            answer = receive(descriptor, ntohl(number));
        }
    }
    ::close(descriptor);
    return answer;
}

Result<kerberos::TicketCache> acquire(kerberos::Acquisition& acquisition, const Ask& ask) {
    std::string answer;
    while (true) {
        MULLION_ASSIGN(const auto request, acquisition.step(answer));
        if (!request) return acquisition.take();
        answer = ask(*request);
    }
}

}  // namespace mullion
