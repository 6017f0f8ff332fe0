// A forwarded ticket as a Kerberos cache among the kernel's keys: nothing but the command's own processes can
// read it, and with the last of them it is gone.
#pragma once

#include "os/spawn_messages.h"

namespace mullion::monitor {

// What KRB5CCNAME says of it.
inline constexpr const char* keyring_cache = "KEYRING:session:mullion";

// In a child before its exec: makes a session keyring with the ticket in it, as libkrb5 would. Before it
// becomes the user, so that the keys count against root's quota and not against the 20,000 bytes of a user.
// Async-signal-safe. False: the kernel has no keyrings, forbids them, or has no room (32,767 bytes a key).
[[nodiscard]] bool put_into_keyring(const os::SpawnTicket& ticket) noexcept;

}  // namespace mullion::monitor
