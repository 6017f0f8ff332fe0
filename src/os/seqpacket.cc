#include "os/seqpacket.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "core/secret.h"
#include "os/spawn_messages.h"

namespace mullion::os {
namespace {

constexpr std::size_t most_descriptors_ever = 8;
// The kernel doubles what is asked for, caps it at net.core.wmem_max (212,992) and charges its bookkeeping to
// it: a message of 192 KiB fits from 212,992 up.
constexpr int buffer_size = 256 * 1024;

Error failed(std::string_view what, int number) {
    return system_error(ErrorId::serve_monitor, what, number);
}

bool enlarge(int socket) {
    return ::setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &buffer_size, sizeof buffer_size) == 0 &&
           ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &buffer_size, sizeof buffer_size) == 0;
}

std::vector<UniqueFd> take_descriptors(msghdr& message) {
    std::vector<UniqueFd> taken;
    for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int descriptor = -1;
            std::memcpy(&descriptor, CMSG_DATA(part) + i * sizeof(int), sizeof(int));
            taken.emplace_back(descriptor);
        }
    }
    return taken;
}

}  // namespace

Result<std::pair<UniqueFd, UniqueFd>> make_seqpacket_pair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return failed("make a socket pair", errno);
    }
    std::pair<UniqueFd, UniqueFd> pair{UniqueFd(ends[0]), UniqueFd(ends[1])};
    if (!enlarge(ends[0]) || !enlarge(ends[1])) return failed("enlarge a socket's buffers", errno);
    return pair;
}

Result<void> set_nonblocking(int descriptor) {
    const int flags = ::fcntl(descriptor, F_GETFL);
    if (flags < 0 || ::fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) != 0)
        return failed("set O_NONBLOCK", errno);
    return {};
}

Result<bool> send_packet(int socket, std::string_view bytes, std::span<const int> descriptors) {
    if (bytes.size() > spawn_message_limit) {
        return Error(ErrorId::spawn_too_large, fmt::format("a message of {} bytes, the limit is {}",
                                                           bytes.size(), spawn_message_limit));
    }
    // An empty message could not be told from the end.
    if (bytes.empty() || descriptors.size() > most_descriptors_ever) return failed("send a message", EINVAL);

    iovec part{const_cast<char*>(bytes.data()), bytes.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(most_descriptors_ever * sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (!descriptors.empty()) {
        message.msg_control = control.data();
        message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
        cmsghdr* header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(descriptors.size_bytes());
        std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size_bytes());
    }
    for (;;) {
        if (::sendmsg(socket, &message, MSG_NOSIGNAL) >= 0) return true;  // Whole or not at all.
        if (errno == EINTR) continue;
        if (errno == EAGAIN || errno == EWOULDBLOCK) return false;
        if (errno == EMSGSIZE) return system_error(ErrorId::spawn_too_large, "send a message", errno);
        return failed("send a message", errno);
    }
}

Result<Packet> receive_packet(int socket, std::size_t most_descriptors) {
    Packet packet;
    packet.bytes.resize(spawn_message_limit);
    iovec part{packet.bytes.data(), packet.bytes.size()};
    // Room for what the kernel can carry at most (SCM_MAX_FD), so that all of it is taken and closed.
    alignas(cmsghdr) std::array<char, CMSG_SPACE(253 * sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();

    ssize_t got = -1;
    do {
        got = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        packet.bytes.clear();
        packet.kind = Packet::Kind::would_block;
        return packet;
    }
    if (got < 0 && errno == ECONNRESET) got = 0;  // The peer closed with messages of ours unread.
    if (got < 0) return failed("receive a message", errno);

    packet.descriptors = take_descriptors(message);
    packet.bytes.resize(static_cast<std::size_t>(got));
    // What does not fit into the table of open files is cut off like what does not fit into the buffer.
    packet.descriptors_lost = (message.msg_flags & MSG_CTRUNC) != 0;
    if ((message.msg_flags & MSG_TRUNC) != 0 || (packet.descriptors_lost && most_descriptors == 0))
        return failed("receive a message", EMSGSIZE);
    if (packet.descriptors.size() > most_descriptors)
        return failed("receive a message: descriptors came with it", EPROTO);
    if (packet.descriptors_lost) packet.descriptors.clear();
    // Zero bytes without descriptors is also an empty message: no peer of ours sends one, so both end it.
    if (got == 0 && !packet.descriptors.empty()) return failed("receive a message", EPROTO);
    packet.kind = got == 0 ? Packet::Kind::closed : Packet::Kind::message;
    // The large buffer goes, and no copy of a secret with it.
    std::string exact(packet.bytes);
    wipe_memory(packet.bytes.data(), packet.bytes.size());
    packet.bytes = std::move(exact);
    return packet;
}

Result<Peer> peer_of(int socket) {
    ucred who{};
    socklen_t size = sizeof who;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0)
        return failed("ask who the peer is", errno);
    return Peer{who.pid, who.uid, who.gid};
}

}  // namespace mullion::os
