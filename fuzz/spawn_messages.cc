// What the privileged side parses. What is accepted must be written back byte by byte: one form per message.
#include "os/spawn_messages.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto to = mullion::os::decode_to_monitor(bytes);
    const auto from = mullion::os::decode_from_monitor(bytes);
    if (to && from) std::abort();  // No message means something in both directions.
    if (to && mullion::os::encode(*to) != bytes) std::abort();
    if (from && mullion::os::encode(*from) != bytes) std::abort();
    return 0;
}
