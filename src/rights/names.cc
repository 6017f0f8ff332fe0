#include "rights/names.h"

namespace mullion::rights {

std::string Names::known() const {
    return "Names are those of Windows' groups (Administrators, Remote Management Users, or BA, RM), and "
           "SIDs. "
           "Accounts go by their SIDs, which `mullion user list` shows; their names are known at the machine "
           "itself, where winrm configSDDL speaks to its own service.";
}

std::optional<Sid> find_trustee(std::string_view word, const Names& names) {
    if (const auto sid = parse_sid(word)) return sid;
    if (const auto* known = find_well_known(word)) return known->sid(names.domains);
    if (const auto sid = names.account(word)) return sid;
    const auto* alias = find_alias(word);
    return alias ? alias->sid(names.domains) : std::nullopt;
}

std::string trustee_name(const Sid& sid, const Names& names) {
    const auto* known = find_well_known(sid, names.domains);
    const std::string name = known ? std::string(known->name) : names.account_name(sid);
    return !name.empty() && find_trustee(name, names) == sid ? name : sid.text();
}

}  // namespace mullion::rights
