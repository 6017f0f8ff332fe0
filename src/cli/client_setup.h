// What is to be done on a Windows host so that it takes a client's certificate.
#pragma once

#include <string>

namespace mullion::cli {

struct ClientSetup {
    std::string user;             // The local account there.
    std::string subject;          // The certificate's UPN.
    std::string certificate_der;  // In Root (when it signs itself) and TrustedPeople.
    std::string issuer;           // The subject of who signed it; empty: itself.
};

// PowerShell for an elevated prompt on the host. It asks for the account's password there.
[[nodiscard]] std::string powershell_setup(const ClientSetup& setup);

}  // namespace mullion::cli
