// What krb5.conf would say, for one credential: laid over the machine's own, which stays as it is.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace mullion::kerberos {

struct Configuration {
    std::string realm;              // The client's; empty: what the user's name or krb5.conf say.
    std::vector<std::string> kdcs;  // Of that realm: "kdc1", "kdc1:88", "[::1]:88". Empty: krb5.conf's, DNS'.
    bool forwardable = false;       // Asked for with delegation.
    std::chrono::seconds lifetime{0};  // 0: as the KDC gives it.

    friend bool operator==(const Configuration&, const Configuration&) = default;
};

}  // namespace mullion::kerberos
