// SIDs that are the same everywhere, or in every domain: their letters in SDDL and their names.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "rights/sid.h"

namespace mullion::rights {

// Aliases such as LA, DA and EA are accounts of this machine, of its domain, and of the forest's root.
struct Domains {
    std::optional<Sid> machine, domain, forest;
};

enum class SidBase { absolute, machine, domain, forest };

struct WellKnown {
    std::string_view letters;  // Those of [MS-DTYP] 2.5.1.1; empty where it has none.
    std::string_view name;     // What an English Windows calls it.
    SidBase base = SidBase::absolute;
    Sid absolute;           // Where the base is `absolute`.
    std::uint32_t rid = 0;  // Where it is not.

    // Nothing where the domain that it belongs to is not known.
    [[nodiscard]] std::optional<Sid> sid(const Domains& domains) const;
};

[[nodiscard]] std::span<const WellKnown> well_known();
// By the two letters of an alias, in either case.
[[nodiscard]] const WellKnown* find_alias(std::string_view letters);
// By its name, in either case, with or without what stands before the backslash.
[[nodiscard]] const WellKnown* find_well_known(std::string_view name);
[[nodiscard]] const WellKnown* find_well_known(const Sid& sid, const Domains& domains);

// Those that the service and the product's other rooms name themselves.
namespace sids {
inline constexpr Sid everyone(1, {0});
inline constexpr Sid creator_owner(3, {0});
inline constexpr Sid creator_group(3, {1});
inline constexpr Sid owner_rights(3, {4});
inline constexpr Sid network(5, {2});
inline constexpr Sid batch(5, {3});
inline constexpr Sid interactive(5, {4});
inline constexpr Sid service(5, {6});
inline constexpr Sid anonymous(5, {7});
inline constexpr Sid principal_self(5, {10});
inline constexpr Sid authenticated_users(5, {11});
inline constexpr Sid restricted_code(5, {12});
inline constexpr Sid local_system(5, {18});
inline constexpr Sid local_service(5, {19});
inline constexpr Sid network_service(5, {20});
inline constexpr Sid write_restricted_code(5, {33});
inline constexpr Sid administrators(5, {32, 544});
inline constexpr Sid users(5, {32, 545});
inline constexpr Sid performance_monitor_users(5, {32, 558});
inline constexpr Sid performance_log_users(5, {32, 559});
inline constexpr Sid distributed_com_users(5, {32, 562});
inline constexpr Sid event_log_readers(5, {32, 573});
inline constexpr Sid remote_management_users(5, {32, 580});
}  // namespace sids

}  // namespace mullion::rights
