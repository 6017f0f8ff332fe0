// What one account may hold: memory, and commands, each of which takes three descriptors and a place at the
// monitor. Without a share of its own one account could take all there is, and the others' commands would
// fail.
#include <algorithm>

#include "service/shells/shell_faults.h"
#include "service/shells/shells.h"

namespace mullion::service {
namespace {

constexpr std::size_t bytes_of_a_command = 8 * 1024;  // Itself, its process, and what of it is waiting.

}  // namespace

wsman::Fault Shells::over_share(const Visit& visit, std::string_view what, std::size_t limit) const {
    log_.warning("{} from {} is over its share: {} {}", visit.user, visit.client_ip, limit, what);
    return wsman::make_fault(
        wsman::code::quota_user,
        fmt::format("The WS-Management service cannot process the request. The load quota for this user has "
                    "been exceeded: {} {}. Receive their output, terminate commands or delete shells. ",
                    limit, what));
}

std::size_t Shells::commands_of(std::string_view user) const {
    std::size_t sum = 0;
    for (const auto& [id, shell] : shells_)
        if (shell->owner == user) sum += shell->commands.size() + shell->starting.size();
    return sum;
}

std::size_t Shells::bytes_of(std::string_view user) const {
    std::size_t sum = operations_.bytes(user);
    for (const auto& [id, shell] : shells_) {
        if (shell->owner != user) continue;
        sum += shell->bytes;
        for (const auto& command : shell->commands) sum += bytes_of_a_command + command->held();
    }
    return sum;
}

std::optional<wsman::Fault> Shells::check_bytes(const Visit& visit) const {
    if (bytes_of(visit.user) < share_.bytes) return std::nullopt;
    return over_share(visit, "bytes are held by shells and commands", share_.bytes);
}

// Commands that have ended are kept for whoever lost their last answer; those of many shells together may be
// more than there are places.
bool Shells::forget_a_finished_command(std::string_view user) {
    for (const auto& [id, shell] : shells_) {
        if (shell->owner != user) continue;
        const auto ended = std::find_if(shell->commands.begin(), shell->commands.end(),
                                        [](const auto& one) { return one->finished(); });
        if (ended == shell->commands.end()) continue;
        (*ended)->close();
        shell->commands.erase(ended);
        return true;
    }
    return false;
}

std::optional<wsman::Fault> Shells::make_room_for_a_command(const Visit& visit) {
    if (auto fault = check_bytes(visit)) return fault;
    if (commands_of(visit.user) < share_.commands || forget_a_finished_command(visit.user))
        return std::nullopt;
    return over_share(visit, "commands are running", share_.commands);
}

}  // namespace mullion::service
