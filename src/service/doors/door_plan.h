// What stands open, and what is to: internal to doors.cc and door_plan.cc.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "service/doors/doors.h"

namespace mullion::service {

struct Doors::Socket {
    std::string place;       // As it was bound; "*" is one socket.
    std::uint16_t port = 0;  // As it was asked for: 0 is whatever the kernel chose.
    bool passed = false;     // Somebody else's too, and never closed.
    bool https = false;      // What a passed one was meant for.
    bool told = false;       // That it has no use.
    std::atomic<bool> open{true};
    std::unique_ptr<net::Listener> listener;
};

// One place of one listener. Its socket can be another's as well, which covers it.
struct Doors::Door {
    std::string place;
    std::uint16_t port = 0;  // As the listener has it.
    SocketPointer socket;
    std::shared_ptr<Doorway> doorway;
};

struct Doors::Standing {
    std::vector<SocketPointer> sockets;
    std::vector<Door> doors;  // In the order of the configuration.

    [[nodiscard]] bool has(const SocketPointer& socket) const;
    [[nodiscard]] bool has(const std::shared_ptr<Doorway>& doorway) const;
    [[nodiscard]] bool has_door(std::string_view place, std::uint16_t port) const;
    [[nodiscard]] SocketPointer at(std::string_view place, std::uint16_t port) const;
    // Of those that cover the address at that real port, the closest one's.
    [[nodiscard]] std::shared_ptr<Doorway> doorway_at(std::string_view address, std::uint16_t port) const;
    // Whether any connection that comes by it is met.
    [[nodiscard]] bool leads_somewhere(const Socket& socket) const;
};

class Doors::Plan {
public:
    struct Wanted {
        std::string place;
        std::uint16_t port = 0;
        Doorway::Way way;
        SocketPointer socket;                        // Null: not found yet.
        std::shared_ptr<Doorway> doorway = nullptr;  // Null: a new one.
    };
    std::vector<state::ListenerSettings> listeners;
    std::vector<Wanted> wanted;          // In the order of the configuration.
    std::vector<SocketPointer> sockets;  // That stand open then.
    std::vector<std::string> absent;     // Listeners that no address of this machine is for.

    // A door that is there already, at the same place and port, stays. The kernel's own choice is a
    // listener's as long as that is wanted.
    void want(const WantedPlace& place, const Doorway::Way& way, const Standing& now);
    SocketPointer add(SocketPointer socket);
    [[nodiscard]] SocketPointer at(std::string_view place, std::uint16_t port) const;
    [[nodiscard]] SocketPointer covering(std::string_view place, std::uint16_t port) const;
    // The places to bind for one: where systemd holds one version of "*", the other is ours.
    [[nodiscard]] std::vector<std::string> sockets_wanted(const std::string& place, std::uint16_t port) const;
};

}  // namespace mullion::service
