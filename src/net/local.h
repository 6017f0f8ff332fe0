// Sockets of the file system, for programs of this machine: the kernel says whose process is at the other
// end, so that nobody need log on. ADR 33
#pragma once

#include <memory>
#include <string>

#include "core/clock.h"
#include "net/listen.h"
#include "net/stream.h"

namespace mullion::net {

// What such connections are called where others have an address.
inline constexpr const char* local_peer = "local";

// Listens at that path, of which only the process's own user and root can come near: the folder must be its
// own, closed to others, and no symbolic link. What lies at the path already, left by a process that was
// killed, is replaced; a symbolic link is removed, never followed. One process at a time: the caller holds
// the folder's lock. close() takes the socket away. The path may be longer than the 107 bytes of a socket's
// address. Errors: serve.listen
[[nodiscard]] Result<std::unique_ptr<Listener>> listen_locally(Executor executor, const std::string& path);

// Connects there, following no symbolic link in the last two parts of the path. Errors: serve.not_running
// (nobody listens), state.directory (the path is not one of ours, or not for this user), net.timeout
[[nodiscard]] Task<Result<std::unique_ptr<Stream>>> connect_locally(Executor executor, std::string path,
                                                                    MonotonicTime deadline);

}  // namespace mullion::net
