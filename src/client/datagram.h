// One question over UDP on the threads of a Runtime, for who speaks such a protocol.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "client/client.h"
#include "core/clock.h"
#include "core/result.h"

namespace mullion::client {

struct DatagramAsk {
    std::string host;
    std::uint16_t port = 0;
    // Called on the I/O thread: each try is a packet of its own, made right before it is sent; whether what
    // came right now answers the last one.
    std::function<std::string()> make;
    std::function<bool(const std::string&)> takes;
    Duration timeout{5000};  // Of all tries together, and of looking up the name.
};

// `done` is called on an I/O thread. Errors: net.name, net.refused, net.timeout, net.unreachable,
// net.descriptors
void ask_datagram(Runtime& runtime, DatagramAsk ask, std::function<void(Result<std::string>)> done);

}  // namespace mullion::client
