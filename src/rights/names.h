// What people call a SID, and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rights/sid.h"
#include "rights/well_known.h"

namespace mullion::rights {

// Names beyond the well-known ones: the accounts of a machine. By itself there are none.
class Names {
public:
    explicit Names(Domains known = {}) : domains(std::move(known)) {}
    virtual ~Names() = default;
    [[nodiscard]] virtual std::optional<Sid> account(std::string_view /*name*/) const { return std::nullopt; }
    [[nodiscard]] virtual std::string account_name(const Sid& /*sid*/) const { return {}; }
    // What can be written for a SID, as a sentence for whoever wrote something else.
    [[nodiscard]] virtual std::string known() const;

    const Domains domains;
};

// "S-1-5-…", a well-known name with or without what stands before its backslash, an account, or the two
// letters of an alias; in this order, so that an account that is called as one of them does not hide it.
[[nodiscard]] std::optional<Sid> find_trustee(std::string_view word, const Names& names);

// What find_trustee finds again: the number where a name would mean somebody else.
[[nodiscard]] std::string trustee_name(const Sid& sid, const Names& names);

}  // namespace mullion::rights
