#include "winrm/windows_codes.h"

#include <algorithm>
#include <string_view>

#include "wsman/fault.h"

namespace mullion::winrm {
namespace {

struct Row {
    std::uint32_t code;
    std::string_view text;
};

// In the order of their numbers; those that wsman's own table has (5, 87, 1359 …) stand there.
constexpr Row rows[] = {
    // winerror.h [MS-ERREF] 2.2
    {0, "The operation completed successfully."},
    {1, "Incorrect function."},
    {2, "The system cannot find the file specified."},
    {3, "The system cannot find the path specified."},
    {6, "The handle is invalid."},
    {8, "Not enough memory resources are available to process this command."},
    {13, "The data is invalid."},
    {14, "Not enough memory resources are available to complete this operation."},
    {32, "The process cannot access the file because it is being used by another process."},
    {50, "The request is not supported."},
    {53, "The network path was not found."},
    {64, "The specified network name is no longer available."},
    {67, "The network name cannot be found."},
    {86, "The specified network password is not correct."},
    {122, "The data area passed to a system call is too small."},
    {123, "The filename, directory name, or volume label syntax is incorrect."},
    {126, "The specified module could not be found."},
    {127, "The specified procedure could not be found."},
    {183, "Cannot create a file when that file already exists."},
    {193, "%1 is not a valid Win32 application."},
    {206, "The filename or extension is too long."},
    {234, "More data is available."},
    {258, "The wait operation timed out."},
    {259, "No more data is available."},
    {267, "The directory name is invalid."},
    {740, "The requested operation requires elevation."},
    {1018, "Illegal operation attempted on a registry key that has been marked for deletion."},
    {1053, "The service did not respond to the start or control request in a timely fashion."},
    {1056, "An instance of the service is already running."},
    {1058,
     "The service cannot be started, either because it is disabled or because it has no enabled devices "
     "associated with it."},
    {1060, "The specified service does not exist as an installed service."},
    {1062, "The service has not been started."},
    {1068, "The dependency service or group failed to start."},
    {1115, "A system shutdown is in progress."},
    {1168, "Element not found."},
    {1219,
     "Multiple connections to a server or shared resource by the same user, using more than one user "
     "name, are not allowed."},
    {1225, "The remote computer refused the network connection."},
    {1231, "The network location cannot be reached."},
    {1236, "The network connection was aborted by the local system."},
    {1312, "A specified logon session does not exist. It may already have been terminated."},
    {1314, "A required privilege is not held by the client."},
    {1326, "The user name or password is incorrect."},
    {1327, "Account restrictions are preventing this user from signing in."},
    {1328, "Your account has time restrictions that keep you from signing in right now."},
    {1330, "The password for this account has expired."},
    {1331, "This user can't sign in because this account is currently disabled."},
    {1332, "No mapping between account names and security IDs was done."},
    {1355, "The specified domain either does not exist or could not be contacted."},
    {1385, "Logon failure: the user has not been granted the requested logon type at this computer."},
    {1396, "The target account name is incorrect."},
    {1398, "There is a time and/or date difference between the client and server."},
    {1450, "Insufficient system resources exist to complete the requested service."},
    {1455, "The paging file is too small for this operation to complete."},
    {1460, "This operation returned because the timeout period expired."},
    {1603, "Fatal error during installation."},
    {1618, "Another installation is already in progress."},
    {1722, "The RPC server is unavailable."},
    {1726, "The remote procedure call failed."},
    {1789, "The trust relationship between this workstation and the primary domain failed."},
    {1793, "The user's account has expired."},
    {1907, "The user's password must be changed before signing in."},
    {1909, "The referenced account is currently locked out and may not be logged on to."},
    // winhttp.h
    {12001, "No more handles could be generated at this time."},
    {12002, "The operation timed out."},
    {12004, "An internal error occurred in the Microsoft Windows HTTP Services."},
    {12005, "The URL is invalid."},
    {12006, "The URL does not use a recognized protocol."},
    {12007, "The server name or address could not be resolved."},
    {12015, "The login request was denied."},
    {12017, "The operation has been canceled."},
    {12029, "A connection with the server could not be established."},
    {12030, "The connection with the server was terminated abnormally."},
    {12037, "The date in the certificate is invalid or has expired."},
    {12038, "The host name in the certificate is invalid or does not match."},
    {12044, "A certificate is required to complete client authentication."},
    {12045, "The certificate authority is invalid or incorrect."},
    {12057, "Unable to verify the revocation of the certificate: its authority's list could not be checked."},
    {12150, "The requested header could not be found."},
    {12152, "The server returned an invalid or unrecognized response."},
    {12157, "An error occurred in the secure channel support."},
    {12169, "The supplied certificate is invalid."},
    {12170, "The supplied certificate has been revoked."},
    {12175, "A security error occurred."},
    {12178, "The proxy auto-configuration service could not carry out the request."},
    {12179, "The supplied certificate is not valid for the requested usage."},
    {12180, "The proxy for this request could not be detected automatically."},
    {12185, "No private key is associated with the client certificate."},
    {12186, "The private key of the client certificate cannot be accessed."},
    // HRESULTs
    {0x80004001, "Not implemented."},
    {0x80004002, "No such interface supported."},
    {0x80004005, "Unspecified error."},
    {0x8000FFFF, "Catastrophic failure."},
    // WMI: wbemcli.h
    {0x80041001, "Generic failure."},
    {0x80041002, "Not found."},
    {0x80041003, "Access denied."},
    {0x80041008, "Invalid parameter."},
    {0x8004100C, "Not supported."},
    {0x8004100E, "Invalid namespace."},
    {0x80041010, "Invalid class."},
    {0x80041013, "Provider load failure."},
    {0x80041017, "Invalid query."},
    {0x80041024, "Provider is not capable of the attempted operation."},
    {0x8004102F, "Invalid method parameter(s)."},
    // SSPI: sspi.h, Schannel
    {0x80090302, "The function requested is not supported."},
    {0x80090303, "The specified target is unknown or unreachable."},
    {0x80090304, "The Local Security Authority cannot be contacted."},
    {0x80090305, "The requested security package does not exist."},
    {0x80090308, "The token supplied to the function is invalid."},
    {0x8009030C, "The logon attempt failed."},
    {0x8009030D, "The credentials supplied to the package were not recognized."},
    {0x8009030E, "No credentials are available in the security package."},
    {0x8009030F, "The message or signature supplied for verification has been altered."},
    {0x80090311, "No authority could be contacted for authentication."},
    {0x80090322, "The target principal name is incorrect."},
    {0x80090324, "The clocks on the client and server machines are skewed."},
    {0x80090325, "The certificate chain was issued by an authority that is not trusted."},
    {0x80090326, "The message received was unexpected or badly formatted."},
    {0x80090327, "An unknown error occurred while processing the certificate."},
    {0x80090328, "The received certificate has expired."},
    {0x80090331, "The client and server cannot communicate, because they do not possess a common algorithm."},
    {0x80090346,
     "Client's supplied Security Support Provider Interface (SSPI) channel bindings were incorrect."},
    // Certificates: wincrypt.h
    {0x80092004, "Cannot find object or property."},
    {0x80092010, "The certificate is revoked."},
    {0x80092012, "The revocation function was unable to check revocation for the certificate."},
    {0x80092013,
     "The revocation function was unable to check revocation because the revocation server was "
     "offline."},
    {0x800B0101, "A required certificate is not within its validity period."},
    {0x800B0109,
     "A certificate chain processed, but terminated in a root certificate which is not trusted by "
     "the trust provider."},
    {0x800B010A, "A certificate chain could not be built to a trusted root authority."},
    {0x800B010C, "A certificate was explicitly revoked by its issuer."},
    {0x800B010F, "The certificate's CN name does not match the passed value."},
    {0x800B0110, "The certificate is not valid for the requested usage."},
};

constexpr bool less(const Row& row, std::uint32_t code) {
    return row.code < code;
}

std::string_view find(std::uint32_t code) {
    const auto* found = std::lower_bound(std::begin(rows), std::end(rows), code, less);
    return found != std::end(rows) && found->code == code ? found->text : std::string_view();
}

static_assert(std::is_sorted(std::begin(rows), std::end(rows),
                             [](const Row& a, const Row& b) { return a.code < b.code; }));

// HRESULT_FROM_WIN32: severity 1, facility 7 ([MS-ERREF] 2.1).
constexpr std::uint32_t win32_facility = 0x80070000;

std::string text_of(std::uint32_t code) {
    // Unlike texts of faults, which always say something, only what is in the table has one here.
    if (!wsman::code_name(code).empty()) return wsman::code_text(code);
    return std::string(find(code));
}

}  // namespace

std::string message_of(std::uint32_t code) {
    const bool win32 = (code & 0xFFFF0000) == win32_facility;
    auto text = win32 ? text_of(code & 0xFFFF) : std::string();
    return text.empty() ? text_of(code) : text;
}

}  // namespace mullion::winrm
