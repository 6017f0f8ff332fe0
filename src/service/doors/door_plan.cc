#include "service/doors/door_plan.h"

#include <algorithm>

namespace mullion::service {
namespace {

template <class Pointer>
Pointer bound_at(const std::vector<Pointer>& sockets, std::string_view place, std::uint16_t port) {
    for (const auto& one : sockets)
        if (one->place == place && one->port == port) return one;
    return nullptr;
}

}  // namespace

bool Doors::Standing::has(const SocketPointer& socket) const {
    return std::find(sockets.begin(), sockets.end(), socket) != sockets.end();
}

bool Doors::Standing::has(const std::shared_ptr<Doorway>& doorway) const {
    return std::any_of(doors.begin(), doors.end(), [&](auto& door) { return door.doorway == doorway; });
}

bool Doors::Standing::has_door(std::string_view place, std::uint16_t port) const {
    return std::any_of(doors.begin(), doors.end(),
                       [&](auto& door) { return door.place == place && door.port == port; });
}

Doors::SocketPointer Doors::Standing::at(std::string_view place, std::uint16_t port) const {
    return bound_at(sockets, place, port);
}

std::shared_ptr<Doorway> Doors::Standing::doorway_at(std::string_view address, std::uint16_t port) const {
    const Door* closest = nullptr;
    for (const auto& door : doors) {
        if (door.socket->listener->port() != port || !covers(door.place, address)) continue;
        if (closest == nullptr || closeness(door.place) > closeness(closest->place)) closest = &door;
    }
    return closest == nullptr ? nullptr : closest->doorway;
}

bool Doors::Standing::leads_somewhere(const Socket& socket) const {
    return std::any_of(doors.begin(), doors.end(), [&](auto& door) {
        return door.socket->listener->port() == socket.listener->port() &&
               (covers(door.place, socket.place) || covers(socket.place, door.place));
    });
}

void Doors::Plan::want(const WantedPlace& place, const Doorway::Way& way, const Standing& now) {
    Wanted one{place.place, place.port, way, nullptr};
    for (const auto& door : now.doors) {
        if (door.place != one.place || door.port != one.port) continue;
        const bool other = one.port == 0 && door.doorway->way()->listener.https != way.listener.https;
        const bool used = std::any_of(wanted.begin(), wanted.end(),
                                      [&](auto& earlier) { return earlier.doorway == door.doorway; });
        if (other || used) continue;
        one.doorway = door.doorway;
        if (one.port == 0) one.socket = add(door.socket);
        break;
    }
    wanted.push_back(std::move(one));
}

Doors::SocketPointer Doors::Plan::add(SocketPointer socket) {
    sockets.push_back(socket);
    return socket;
}

Doors::SocketPointer Doors::Plan::at(std::string_view place, std::uint16_t port) const {
    return bound_at(sockets, place, port);
}

Doors::SocketPointer Doors::Plan::covering(std::string_view place, std::uint16_t port) const {
    for (const auto& one : sockets)
        if (one->port == port && covers(one->place, place)) return one;
    return nullptr;
}

std::vector<std::string> Doors::Plan::sockets_wanted(const std::string& place, std::uint16_t port) const {
    if (place != "*" || port == 0) return {place};
    const auto passed = [&](std::string_view version) {
        const auto one = at(version, port);
        return one && one->passed;
    };
    if (!passed("0.0.0.0") && !passed("::")) return {place};
    if (!net::is_own_address("::")) return {"0.0.0.0"};
    return {"0.0.0.0", "::"};
}

}  // namespace mullion::service
