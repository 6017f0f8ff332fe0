// One monitor with this process in the network process's place: it has given up root as that does, and holds
// the state directory and the socket.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "os/file.h"
#include "os/spawn_messages.h"

namespace mullion::attacks {

struct Scene {
    std::string monitor;   // The executable.
    std::string state;     // The network user's own folder, with root's list in it.
    std::string evidence;  // Where every command that begins leaves a file: its owner is who it ran as.
    std::string network_user;
    std::string allowed;  // The only name in the list.
};

struct Count {
    std::uint64_t messages = 0;
    std::uint64_t spawned = 0;
    std::uint64_t refused = 0;
    std::uint64_t spawned_as_others = 0;  // By what the monitor says. The evidence says it again.
};

class Link {
public:
    // Starts the monitor as root, then becomes the network's user for good.
    Link(const Scene& scene, Count& count);

    // False when the monitor has ended. Reads what comes meanwhile.
    bool send(const std::string& bytes, std::span<const int> descriptors = {});
    bool send(const os::SpawnRequest& request);
    // Past our own rules for messages, which refuse to send these.
    bool send_raw(const std::string& bytes);
    // Reads answers until every start is decided, or the monitor has ended.
    void settle();
    // Until the monitor has closed its end: with answers of its own unread it could miss what was said last.
    void wait_until_gone();
    // Closes the socket, and waits: the monitor's exit status.
    [[nodiscard]] int end();

    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] std::uint64_t next_token() { return ++last_token_; }
    [[nodiscard]] const Scene& scene() const { return scene_; }

private:
    [[nodiscard]] bool receive(int patience_ms);

    const Scene& scene_;
    Count& count_;
    os::UniqueFd socket_;
    pid_t pid_ = -1;
    std::uint64_t last_token_ = 0;
    std::map<std::uint64_t, std::string> asked_;  // Undecided starts, and as whom.
    bool gone_ = false;
};

}  // namespace mullion::attacks
