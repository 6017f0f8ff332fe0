// The numbers that Microsoft's pages on the methods of these classes list, with the words of the classes' own
// Values qualifiers. learn.microsoft.com, CIMWin32 WMI Providers; DSP0004 5.6.3.55 (ValueMap, Values)
#include "cli/cim_return_words.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "winrm/letters.h"

namespace mullion::cli {
namespace {

struct Words {
    std::uint64_t number;
    std::string_view text;
};

constexpr std::array service{
    Words{0, "Success"},
    Words{1, "Not Supported"},
    Words{2, "Access Denied"},
    Words{3, "Dependent Services Running"},
    Words{4, "Invalid Service Control"},
    Words{5, "Service Cannot Accept Control"},
    Words{6, "Service Not Active"},
    Words{7, "Service Request Timeout"},
    Words{8, "Unknown Failure"},
    Words{9, "Path Not Found"},
    Words{10, "Service Already Running"},
    Words{11, "Service Database Locked"},
    Words{12, "Service Dependency Deleted"},
    Words{13, "Service Dependency Failure"},
    Words{14, "Service Disabled"},
    Words{15, "Service Logon Failure"},
    Words{16, "Service Marked For Deletion"},
    Words{17, "Service No Thread"},
    Words{18, "Status Circular Dependency"},
    Words{19, "Status Duplicate Name"},
    Words{20, "Status Invalid Name"},
    Words{21, "Status Invalid Parameter"},
    Words{22, "Status Invalid Service Account"},
    Words{23, "Status Service Exists"},
    Words{24, "Service Already Paused"},
};

constexpr std::array process{
    Words{0, "Successful Completion"}, Words{2, "Access Denied"},  Words{3, "Insufficient Privilege"},
    Words{8, "Unknown Failure"},       Words{9, "Path Not Found"}, Words{21, "Invalid Parameter"},
};

constexpr std::array file{
    Words{0, "Success"},
    Words{2, "Access Denied"},
    Words{8, "Unspecified Failure"},
    Words{9, "Invalid Object"},
    Words{10, "Object Already Exists"},
    Words{11, "File System Not NTFS"},
    Words{12, "Platform Not Windows"},
    Words{13, "Drive Not The Same"},
    Words{14, "Directory Not Empty"},
    Words{15, "Sharing Violation"},
    Words{16, "Invalid Start File"},
    Words{17, "Privilege Not Held"},
    Words{21, "Invalid Parameter"},
};

constexpr std::array share{
    Words{0, "Success"},
    Words{2, "Access Denied"},
    Words{8, "Unknown Failure"},
    Words{9, "Invalid Name"},
    Words{10, "Invalid Level"},
    Words{21, "Invalid Parameter"},
    Words{22, "Duplicate Share"},
    Words{23, "Redirected Path"},
    Words{24, "Unknown Device Or Directory"},
    Words{25, "Net Name Not Found"},
};

constexpr std::array network{
    Words{0, "Successful completion, no reboot required"},
    Words{1, "Successful completion, reboot required"},
    Words{64, "Method not supported on this platform"},
    Words{65, "Unknown failure"},
    Words{66, "Invalid subnet mask"},
    Words{67, "An error occurred while processing an instance that was returned"},
    Words{68, "Invalid input parameter"},
    Words{69, "More than 5 gateways specified"},
    Words{70, "Invalid IP address"},
    Words{71, "Invalid gateway IP address"},
    Words{72, "An error occurred while accessing the registry for the requested information"},
    Words{73, "Invalid domain name"},
    Words{74, "Invalid host name"},
    Words{75, "No primary/secondary WINS server defined"},
    Words{76, "Invalid file"},
    Words{77, "Invalid system path"},
    Words{78, "File copy failed"},
    Words{79, "Invalid security parameter"},
    Words{80, "Unable to configure TCP/IP service"},
    Words{81, "Unable to configure DHCP service"},
    Words{82, "Unable to renew DHCP lease"},
    Words{83, "Unable to release DHCP lease"},
    Words{84, "IP not enabled on adapter"},
    Words{85, "IPX not enabled on adapter"},
    Words{86, "Frame/network number bounds error"},
    Words{87, "Invalid frame type"},
    Words{88, "Invalid network number"},
    Words{89, "Duplicate network number"},
    Words{90, "Parameter out of bounds"},
    Words{91, "Access denied"},
    Words{92, "Out of memory"},
    Words{93, "Already exists"},
    Words{94, "Path, file or object not found"},
    Words{95, "Unable to notify service"},
    Words{96, "Unable to notify DNS service"},
    Words{97, "Interface not configurable"},
    Words{98, "Not all DHCP leases could be released/renewed"},
    Words{100, "DHCP not enabled on adapter"},
};

struct Class {
    std::string_view name;
    std::span<const Words> words;
};
constexpr std::array classes{
    Class{"Win32_Service", service},     Class{"Win32_SystemDriver", service},
    Class{"Win32_BaseService", service}, Class{"Win32_TerminalService", service},
    Class{"Win32_Process", process},     Class{"CIM_DataFile", file},
    Class{"CIM_LogicalFile", file},      Class{"Win32_Directory", file},
    Class{"Win32_Share", share},         Class{"Win32_NetworkAdapterConfiguration", network},
};

// What these return is no such number, or one with another meaning.
constexpr std::array other_methods{std::string_view("GetSecurityDescriptor"),
                                   std::string_view("SetSecurityDescriptor"),
                                   std::string_view("GetAccessMask")};

bool returns_one_of_them(std::string_view method) {
    return std::none_of(other_methods.begin(), other_methods.end(),
                        [&](std::string_view other) { return winrm::same_letters(other, method); });
}

// Other vendors' classes may be named alike, and are of other namespaces.
bool is_of_windows(const wsman::cim::ClassUri& uri) {
    return uri.cim_namespace.empty() || winrm::same_letters(uri.cim_namespace, client::default_cim_namespace);
}

}  // namespace

std::optional<std::string_view> cim_return_words(const client::CimInvoke& asked,
                                                 const wsman::cim::MethodResult& result) {
    const auto& uri = asked.of.of;
    const auto value = result.return_value.as(wsman::cim::Type::uint32);
    const auto* number = value ? std::get_if<std::uint64_t>(&*value) : nullptr;
    if (number == nullptr || !is_of_windows(uri) || !returns_one_of_them(asked.method)) return std::nullopt;
    for (const auto& each : classes) {
        if (!winrm::same_letters(each.name, uri.class_name)) continue;
        const auto found = std::find_if(each.words.begin(), each.words.end(),
                                        [&](const Words& words) { return words.number == *number; });
        if (found != each.words.end()) return found->text;
    }
    return std::nullopt;
}

}  // namespace mullion::cli
