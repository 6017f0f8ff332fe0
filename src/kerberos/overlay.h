// Settings laid over krb5.conf, in memory: the library asks ours first. Private to this room.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "kerberos/library.h"

namespace mullion::kerberos {

// {"realms", "EXAMPLE.TEST", "kdc"} → its values, which stand in for all of krb5.conf's.
using Settings = std::map<std::vector<std::string>, std::vector<std::string>>;

// Errors: kerberos.failed
[[nodiscard]] Result<std::shared_ptr<_profile_t>> lay_over(const Library& library,
                                                           std::shared_ptr<_profile_t> base,
                                                           Settings settings);

// All values of a setting, in order; empty: there is none.
[[nodiscard]] std::vector<std::string> values_of(const Library& library, _profile_t* profile,
                                                 const std::vector<std::string>& names);

}  // namespace mullion::kerberos
