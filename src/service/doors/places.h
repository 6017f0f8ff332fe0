// Where listeners listen: "*" (both versions of IP), "0.0.0.0" or "::" (all addresses of one), or one
// address. Of several that cover an address, the closest one has it, as on Windows. No I/O.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "os/local_addresses.h"
#include "state/settings.h"

namespace mullion::service {

// As the kernel writes it: "2001:DB8:0::1" is "2001:db8::1", "::ffff:10.0.0.1" is "10.0.0.1".
[[nodiscard]] std::string plain_place(const std::string& address);
[[nodiscard]] bool is_version_6(std::string_view address);
// Of all that connections to `inner` can be made to.
[[nodiscard]] bool covers(std::string_view outer, std::string_view inner);
// 0 for "*", 1 for all of one version, 2 for one address.
[[nodiscard]] int closeness(std::string_view place);

struct WantedPlace {
    const state::ListenerSettings* listener = nullptr;
    std::string place;
    std::uint16_t port = 0;  // 0: whatever the kernel chooses.
};
// Of listeners that are enabled, in their order, on a machine with these addresses. A card's listener has
// none of those that another names itself; it can have none at all. Errors: serve.listen (two want the same)
[[nodiscard]] Result<std::vector<WantedPlace>> wanted_places(
    const std::vector<state::ListenerSettings>& listeners, const state::Settings& settings,
    const std::vector<os::LocalAddress>& own);

}  // namespace mullion::service
