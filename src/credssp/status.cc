#include "credssp/status.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace mullion::credssp {
namespace {

struct Row {
    std::uint32_t status;
    std::string_view name;  // [MS-ERREF] 2.3.1; from 0x8009 on 2.1.1.
    std::string_view meaning;
    bool account;  // The log-on was refused for the account's sake.
    std::string_view advice;
};
constexpr std::array rows{
    Row{status_logon_failure, "STATUS_LOGON_FAILURE", "user name or password is wrong", true, ""},
    Row{0xC0000064, "STATUS_NO_SUCH_USER", "there is no such account", true, ""},
    Row{0xC000006A, "STATUS_WRONG_PASSWORD", "the password is wrong", true, ""},
    Row{0xC000006E, "STATUS_ACCOUNT_RESTRICTION", "a restriction of the account forbids it", true,
        "An empty password, or membership in Protected Users, forbids a log-on by NTLM."},
    Row{0xC000006F, "STATUS_INVALID_LOGON_HOURS", "the account may not log on at this hour", true, ""},
    Row{0xC0000070, "STATUS_INVALID_WORKSTATION", "the account may not log on from this machine", true, ""},
    Row{0xC0000071, "STATUS_PASSWORD_EXPIRED", "the password has expired", true,
        "Set a new password on the host or in the domain."},
    Row{0xC0000072, "STATUS_ACCOUNT_DISABLED", "the account is disabled", true,
        "Enable it: Enable-LocalUser, or Enable-ADAccount."},
    Row{0xC000015B, "STATUS_LOGON_TYPE_NOT_GRANTED", "the account may not log on over the network", true,
        "Grant 'Access this computer from the network' (SeNetworkLogonRight) on the host."},
    Row{0xC0000193, "STATUS_ACCOUNT_EXPIRED", "the account has expired", true, ""},
    Row{0xC0000224, "STATUS_PASSWORD_MUST_CHANGE", "the password must be changed before the first log-on",
        true, "Set a new password on the host or in the domain."},
    Row{0xC0000234, "STATUS_ACCOUNT_LOCKED_OUT", "the account is locked", true,
        "Unlock it, and find out what tries wrong passwords."},
    Row{0x8009030C, "SEC_E_LOGON_DENIED", "the log-on was denied", true, ""},
    Row{0xC0000022, "STATUS_ACCESS_DENIED", "access is denied", false, ""},
    Row{0xC000005E, "STATUS_NO_LOGON_SERVERS", "the host reaches no domain controller", false,
        "Look at the host's connection to its domain (nltest /sc_verify:DOMAIN)."},
    Row{0xC0000133, "STATUS_TIME_DIFFERENCE_AT_DC", "its clock differs from the domain controller's", false,
        "Set the host's clock (w32tm /resync)."},
    Row{0xC000018D, "STATUS_TRUSTED_RELATIONSHIP_FAILURE", "the host's trust in its domain is broken", false,
        "Repair it on the host: Test-ComputerSecureChannel -Repair."},
    Row{sec_invalid_token, "SEC_E_INVALID_TOKEN", "it did not understand a message", false, ""},
    Row{0x80090302, "SEC_E_UNSUPPORTED_FUNCTION", "it does not support what was asked for", false,
        "Its policy 'Encryption Oracle Remediation' may want a newer version of CredSSP."},
};

}  // namespace

Error explain_status(std::uint32_t status) {
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.status == status; });
    if (found == rows.end())
        return Error(ErrorId::credssp_error, fmt::format("credssp: the host says 0x{:08X}", status));
    Error error(found->account ? ErrorId::auth_rejected : ErrorId::credssp_error,
                fmt::format("credssp: the host says {} (0x{:08X}): {}", found->name, status, found->meaning));
    if (!found->advice.empty()) error.advice.emplace_back(found->advice);
    return error;
}

}  // namespace mullion::credssp
