#include "rights/well_known.h"

#include <algorithm>
#include <array>

namespace mullion::rights {
namespace {

constexpr WellKnown at(std::string_view letters, std::string_view name, const Sid& sid) {
    return {letters, name, SidBase::absolute, sid, 0};
}
constexpr WellKnown builtin(std::string_view letters, std::string_view name, std::uint32_t rid) {
    return {letters, name, SidBase::absolute, Sid(5, {32, rid}), 0};
}
constexpr WellKnown nt(std::string_view letters, std::string_view name, std::uint32_t rid) {
    return {letters, name, SidBase::absolute, Sid(5, {rid}), 0};
}
constexpr WellKnown in(SidBase base, std::string_view letters, std::string_view name, std::uint32_t rid) {
    return {letters, name, base, Sid(), rid};
}

// The letters are those of [MS-DTYP] 2.5.1.1, all of them; the numbers are those of 2.4.2.4.
constexpr std::array table{
    at("WD", "Everyone", sids::everyone),
    at("CO", "CREATOR OWNER", sids::creator_owner),
    at("CG", "CREATOR GROUP", sids::creator_group),
    at("OW", "OWNER RIGHTS", sids::owner_rights),
    nt("NU", "NT AUTHORITY\\NETWORK", 2),
    nt("", "NT AUTHORITY\\BATCH", 3),
    nt("IU", "NT AUTHORITY\\INTERACTIVE", 4),
    nt("SU", "NT AUTHORITY\\SERVICE", 6),
    nt("AN", "NT AUTHORITY\\ANONYMOUS LOGON", 7),
    nt("ED", "NT AUTHORITY\\ENTERPRISE DOMAIN CONTROLLERS", 9),
    nt("PS", "NT AUTHORITY\\SELF", 10),
    nt("AU", "NT AUTHORITY\\Authenticated Users", 11),
    nt("RC", "NT AUTHORITY\\RESTRICTED", 12),
    nt("SY", "NT AUTHORITY\\SYSTEM", 18),
    nt("LS", "NT AUTHORITY\\LOCAL SERVICE", 19),
    nt("NS", "NT AUTHORITY\\NETWORK SERVICE", 20),
    nt("WR", "NT AUTHORITY\\WRITE RESTRICTED", 33),
    at("UD", "NT AUTHORITY\\USER MODE DRIVERS", Sid(5, {84, 0, 0, 0, 0, 0})),
    builtin("BA", "BUILTIN\\Administrators", 544),
    builtin("BU", "BUILTIN\\Users", 545),
    builtin("BG", "BUILTIN\\Guests", 546),
    builtin("PU", "BUILTIN\\Power Users", 547),
    builtin("AO", "BUILTIN\\Account Operators", 548),
    builtin("SO", "BUILTIN\\Server Operators", 549),
    builtin("PO", "BUILTIN\\Print Operators", 550),
    builtin("BO", "BUILTIN\\Backup Operators", 551),
    builtin("RE", "BUILTIN\\Replicator", 552),
    builtin("RU", "BUILTIN\\Pre-Windows 2000 Compatible Access", 554),
    builtin("RD", "BUILTIN\\Remote Desktop Users", 555),
    builtin("NO", "BUILTIN\\Network Configuration Operators", 556),
    builtin("MU", "BUILTIN\\Performance Monitor Users", 558),
    builtin("LU", "BUILTIN\\Performance Log Users", 559),
    builtin("", "BUILTIN\\Distributed COM Users", 562),
    builtin("IS", "BUILTIN\\IIS_IUSRS", 568),
    builtin("CY", "BUILTIN\\Cryptographic Operators", 569),
    builtin("ER", "BUILTIN\\Event Log Readers", 573),
    builtin("CD", "BUILTIN\\Certificate Service DCOM Access", 574),
    builtin("RA", "BUILTIN\\RDS Remote Access Servers", 575),
    builtin("ES", "BUILTIN\\RDS Endpoint Servers", 576),
    builtin("MS", "BUILTIN\\RDS Management Servers", 577),
    builtin("HA", "BUILTIN\\Hyper-V Administrators", 578),
    builtin("AA", "BUILTIN\\Access Control Assistance Operators", 579),
    builtin("RM", "BUILTIN\\Remote Management Users", 580),
    at("AC", "APPLICATION PACKAGE AUTHORITY\\ALL APPLICATION PACKAGES", Sid(15, {2, 1})),
    at("LW", "Mandatory Label\\Low Mandatory Level", Sid(16, {4096})),
    at("ME", "Mandatory Label\\Medium Mandatory Level", Sid(16, {8192})),
    at("MP", "Mandatory Label\\Medium Plus Mandatory Level", Sid(16, {8448})),
    at("HI", "Mandatory Label\\High Mandatory Level", Sid(16, {12288})),
    at("SI", "Mandatory Label\\System Mandatory Level", Sid(16, {16384})),
    in(SidBase::machine, "LA", "Administrator", 500),
    in(SidBase::machine, "LG", "Guest", 501),
    in(SidBase::domain, "DA", "Domain Admins", 512),
    in(SidBase::domain, "DU", "Domain Users", 513),
    in(SidBase::domain, "DG", "Domain Guests", 514),
    in(SidBase::domain, "DC", "Domain Computers", 515),
    in(SidBase::domain, "DD", "Domain Controllers", 516),
    in(SidBase::domain, "CA", "Cert Publishers", 517),
    in(SidBase::domain, "PA", "Group Policy Creator Owners", 520),
    in(SidBase::domain, "CN", "Cloneable Domain Controllers", 522),
    in(SidBase::domain, "RS", "RAS and IAS Servers", 553),
    in(SidBase::forest, "RO", "Enterprise Read-only Domain Controllers", 498),
    in(SidBase::forest, "SA", "Schema Admins", 518),
    in(SidBase::forest, "EA", "Enterprise Admins", 519),
};

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool same(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

const WellKnown* first(const auto& wanted) {
    const auto found = std::find_if(table.begin(), table.end(), wanted);
    return found == table.end() ? nullptr : &*found;
}

}  // namespace

std::optional<Sid> WellKnown::sid(const Domains& domains) const {
    if (base == SidBase::absolute) return absolute;
    const auto& of = base == SidBase::machine  ? domains.machine
                     : base == SidBase::domain ? domains.domain
                                               : domains.forest;
    if (!of) return std::nullopt;
    return of->with_rid(rid);
}

std::span<const WellKnown> well_known() {
    return table;
}

const WellKnown* find_alias(std::string_view letters) {
    if (letters.empty()) return nullptr;
    return first([&](const WellKnown& one) { return same(one.letters, letters); });
}

const WellKnown* find_well_known(std::string_view name) {
    return first([&](const WellKnown& one) {
        const auto slash = one.name.find('\\');
        return same(one.name, name) ||
               (slash != std::string_view::npos && same(one.name.substr(slash + 1), name));
    });
}

const WellKnown* find_well_known(const Sid& sid, const Domains& domains) {
    return first([&](const WellKnown& one) { return one.sid(domains) == sid; });
}

}  // namespace mullion::rights
