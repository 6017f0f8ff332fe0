// The groups that an account can be in: those that every Windows has (BUILTIN, S-1-5-32-…). They are kept by
// name, and mean their SIDs to whoever judges rights.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "rights/sid.h"
#include "storage/database.h"

namespace mullion::state {

// "Remote Management Users", for that in any case, with BUILTIN\ in front, for RM and for S-1-5-32-580.
// Errors: account.invalid
[[nodiscard]] Result<std::string> group_name(std::string_view word);
// The same as a SID.
[[nodiscard]] Result<rights::Sid> group_sid(std::string_view word);

// Each group once. Who is put into Administrators is one. Errors: account.invalid
[[nodiscard]] Result<storage::Membership> membership_of(bool administrator,
                                                        const std::vector<std::string>& words);
// Adds, and then takes away. Errors: account.invalid
[[nodiscard]] Result<storage::Membership> changed(storage::Membership membership,
                                                  const std::vector<std::string>& add,
                                                  const std::vector<std::string>& remove);

// What the memberships mean: Users for everyone, Administrators for those who are. A word of an old directory
// that is no group means nothing.
[[nodiscard]] std::vector<rights::Sid> group_sids(const storage::Membership& membership);

// Errors: state.database
[[nodiscard]] Result<rights::Sid> machine_sid(storage::AccountsDatabase& database);
[[nodiscard]] Result<rights::Sid> account_sid(storage::AccountsDatabase& database,
                                              const storage::AccountRow& row);

}  // namespace mullion::state
