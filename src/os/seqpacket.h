// Whole messages with descriptors beside them, over a SOCK_SEQPACKET socket of this machine.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "os/file.h"

namespace mullion::os {

// Two connected ends, close-on-exec, blocking, with buffers that hold a message of spawn_message_limit.
// Errors: serve.monitor
[[nodiscard]] Result<std::pair<UniqueFd, UniqueFd>> make_seqpacket_pair();
[[nodiscard]] Result<void> set_nonblocking(int descriptor);

// False: the other side does not read just now (non-blocking sockets only); nothing was sent, poll for
// POLLOUT. Errors: serve.spawn_too_large (over spawn_message_limit), serve.monitor (the peer is gone)
[[nodiscard]] Result<bool> send_packet(int socket, std::string_view bytes,
                                       std::span<const int> descriptors = {});

struct Packet {
    enum class Kind { message, would_block, closed } kind = Kind::closed;
    std::string bytes;                  // Never empty in a message.
    std::vector<UniqueFd> descriptors;  // Close-on-exec.
    bool descriptors_lost = false;      // This process has no room for them: none is here.
};
// One message. Refused, with every descriptor in it closed: one over spawn_message_limit, an empty one, one
// with more than `most_descriptors`. Errors: serve.monitor
[[nodiscard]] Result<Packet> receive_packet(int socket, std::size_t most_descriptors);

// Who made the other end, as the kernel says (SO_PEERCRED). Errors: serve.monitor
struct Peer {
    pid_t pid = -1;
    uid_t uid = static_cast<uid_t>(-1);
    gid_t gid = static_cast<gid_t>(-1);
};
[[nodiscard]] Result<Peer> peer_of(int socket);

}  // namespace mullion::os
