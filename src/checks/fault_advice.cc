#include "checks/fault_advice.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace mullion::checks {
namespace {

struct Row {
    std::uint32_t code;
    std::string_view advice;
};

// Of WinRM [MS-WSMV], of WMI (wbemcli.h), of Windows (winerror.h).
constexpr std::array rows{
    Row{5,
        "Give the account Enable Account and Remote Enable on the namespace (wmimgmt.msc, WMI Control, "
        "Security), and put it into Remote Management Users."},
    Row{0x3E3, "Something on the host ended the operation: try again; if it stays, look into its event log."},
    Row{0x52E, "User name or password is wrong: log on with them by hand."},
    Row{0x80338000, "The host lacks what this check asks for, or has lost it."},
    Row{0x80338012, "See that the WinRM service runs, and that its listener and the firewall let you in."},
    Row{0x8033801A, "The host does not take the query: it may lack the class or one of its properties."},
    Row{0x8033801B, "The host forgot the enumeration: another check, or a restart of WinRM, was in between."},
    Row{0x8033801C, "The host gave up the enumeration before it was read: see how busy it is."},
    Row{0x80338026, "Raise MaxEnvelopeSizekb on the host (winrm set winrm/config), or have fewer rows."},
    Row{0x80338029,
        "The host needs longer for this class: raise --operation-timeout; WMI of a busy host is slow."},
    Row{0x80338036, "The host does not know who asks: see --transport and the account."},
    Row{0x8033803B, "The host has no WMI at that address: it may be no Windows."},
    Row{0x8033803F, "The host is too busy: have fewer checks of it at the same time, or further apart."},
    Row{0x80338047, "The host takes no envelope of that size: see MaxEnvelopeSizekb in winrm/config."},
    Row{0x80338048, "Raise MaxEnvelopeSizekb on the host (winrm set winrm/config)."},  // As asked for.
    Row{0x80338049, "Raise MaxEnvelopeSizekb on the host (winrm set winrm/config)."},
    Row{0x8033805B, "The shell or object is gone: try again."},
    Row{0x8033809D,
        "Map the certificate to an account on the host (winrm/config/service/certmapping): it is none of a "
        "user's."},
    Row{0x803380E5, "Give user and password, or a certificate: the host takes no default ones."},
    Row{0x803380FB, "The host allows WQL on …/root/cimv2/* alone: a service on the way changes the address."},
    Row{0x8033810B, "Kerberos needs the host's DNS name, not its address."},
    Row{0x80338113, "See --path and --port: nothing of WinRM is at that address."},
    Row{0x80338126, "See the host's firewall, and that the port is right."},
    Row{0x80338169, "The host's network counts as public, where its firewall lets nobody in."},
    Row{0x803381A5, "Have fewer checks that need a shell at the same time; MaxShellsPerUser is their limit."},
    Row{0x803381A6,
        "Have fewer checks of this host at the same time, or raise MaxConcurrentOperationsPerUser."},
    Row{0x803381A7, "The account's quota on the host is used up: have fewer checks at the same time."},
    Row{0x803381A8, "The host's quota is used up: have fewer checks at the same time."},
    Row{0x803381AC, "AllowRemoteShellAccess is off on the host; only checks that need no shell work there."},
    Row{0x803381AD, "A Pull said something else than its Enumerate: this is a bug of mullion's."},
    Row{0x803381B9, "The host cannot resolve a name."},
    Row{0x803381BA, "The host ended TLS: see its certificate and which versions it takes."},
    Row{0x803381DD, "On the host: winrm quickconfig; a group policy may name the addresses that are let in."},

    Row{0x80041001, "WMI failed: the host's event log (WMI-Activity) says at what."},
    Row{0x80041002, "WMI has no such object."},
    Row{0x80041003,
        "Give the account Enable Account and Remote Enable on the namespace (wmimgmt.msc, WMI Control, "
        "Security); counters need Performance Monitor Users, events Event Log Readers."},
    Row{0x80041004, "The class's provider failed: the host's event log (WMI-Activity) says why."},
    Row{0x80041008, "WMI does not take what it was asked: the class is another on this host."},
    Row{0x8004100E, "The host has no such namespace: what this check is about is not installed there."},
    Row{0x80041010,
        "The host has no such class. Of a counter: lodctr /R and winmgmt /resyncperf on the host bring it "
        "back."},
    Row{0x80041011, "The class's provider is not registered on the host: winmgmt /salvagerepository."},
    Row{0x80041013, "The class's provider cannot be loaded: the host's event log (WMI-Activity) says why."},
    Row{0x80041017, "The host does not take the query: it may lack the class or one of its properties."},
    Row{0x80041024, "The class's provider cannot do that on this host."},
    Row{0x80041032, "WMI gave the query up: too much of it at once, or too slow; see --operation-timeout."},
    Row{0x80041033, "WMI of the host is being shut down: try again."},
    Row{0x8004106C, "WMI's quota is used up: have fewer checks at the same time, or ask for less."},
    Row{0x80070005, "The account may not do that on the host: it may have to be an administrator."},
};

std::string_view find(std::uint32_t code) {
    // Per plug-in: any of them.
    constexpr auto first = wsman::code::quota_plugin_first, last = wsman::code::quota_plugin_last;
    if (code >= first && code <= last)
        return "A quota of the host's WMI plug-in is used up: have fewer checks at the same time.";
    const auto* const row =
        std::find_if(rows.begin(), rows.end(), [&](const Row& one) { return one.code == code; });
    return row == rows.end() ? std::string_view() : row->advice;
}

// DSP0200 5.2.6: codes of CIM operations, which newer hosts say instead of WMI's.
std::uint32_t wmi_code(std::uint32_t cim_status) {
    switch (cim_status) {
        case 2:
            return 0x80041003;
        case 3:
            return 0x8004100E;
        case 5:
            return 0x80041010;
        case 6:
            return 0x80041002;
        case 15:
            return 0x80041017;
        default:
            return 0;
    }
}

bool asks_registry(const Ask& asked) {
    const auto* const call = std::get_if<Call>(&asked);
    return call != nullptr && call->of.of.class_name == "StdRegProv";
}

}  // namespace

void advise(const Ask& asked, const wsman::Fault& fault, Error& error) {
    constexpr std::uint32_t no_namespace = 0x8004100E, no_class = 0x80041010;
    // The nearest to the cause says most.
    const auto inner = fault.provider_code.value_or(wmi_code(fault.wmi_status.value_or(0)));
    if (asks_registry(asked) && (inner == no_namespace || inner == no_class)) {
        error.advice.emplace(error.advice.begin(),
                             "The registry is asked, which only Windows has: this check cannot be of Linux.");
        return;
    }
    auto text = find(inner);
    if (text.empty()) text = find(fault.code);
    if (!text.empty()) error.advice.emplace(error.advice.begin(), text);
}

}  // namespace mullion::checks
