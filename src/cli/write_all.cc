#include "cli/write_all.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace mullion::cli {

bool write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto count = ::write(descriptor, bytes.data(), bytes.size());
        if (count >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(count));
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return false;
        pollfd wanted{descriptor, POLLOUT, 0};  // Somebody else made the terminal non-blocking.
        (void)::poll(&wanted, 1, -1);
    }
    return true;
}

}  // namespace mullion::cli
