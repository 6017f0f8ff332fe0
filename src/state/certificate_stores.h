// The certificate stores of the machine, as Windows has them under cert:\LocalMachine, in the state
// directory:
//
//   My             certs/THUMBPRINT.pem        with their keys: what listeners and CredSSP show
//   Root           trust/Root/*.pem            who may sign clients' certificates
//   CA             trust/CA/*.pem              who leads from a client's certificate to a root
//   TrustedPeople  trust/TrustedPeople/*.pem   clients' certificates that sign themselves
//
// trust/*.pem, where all of them lay before there were stores, counts as Root and TrustedPeople; trust/*.crl
// are revocation lists.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "crypto/client_trust.h"
#include "crypto/x509.h"

namespace mullion::state {

class StateDirectory;

enum class Store { my, root, ca, trusted_people };
inline constexpr std::array all_stores{Store::my, Store::root, Store::ca, Store::trusted_people};
[[nodiscard]] std::string_view to_string(Store store);
// In any case of letters, also with "LocalMachine\" or "cert:\LocalMachine\" before it.
[[nodiscard]] std::optional<Store> store_named(std::string_view text);

// DIR/trust and the folders in it that are stores.
[[nodiscard]] std::vector<std::string> store_folders(const std::string& trust);
[[nodiscard]] std::string folder_of(const StateDirectory& directory, Store store);

struct StoredCertificate {
    crypto::CertificateInfo info;
    std::vector<Store> stores;       // In their order, each once.
    std::vector<std::string> files;  // Where it lies; an importer's are named by the thumbprint.
    bool has_key = false;
};
// Each certificate once. What cannot be read as one is passed over. As the directory's owner. Errors:
// usage.file
[[nodiscard]] Result<std::vector<StoredCertificate>> stored_certificates(const StateDirectory& directory);

// Who is believed, by what lies in the stores. A folder that is missing trusts nobody. Errors: tls.files,
// usage.file
[[nodiscard]] Result<crypto::ClientTrust> trust_in(const std::string& trust);

// 40 hex digits with or without blanks between, as Windows shows and prints them; upper case.
[[nodiscard]] std::optional<std::string> as_thumbprint(std::string_view text);

// Whether a mapping may name that issuer: it is in Root or CA and able to sign, or is a client's own
// certificate that signs itself. Errors: config.invalid, which says what is wrong with it, or who is trusted
[[nodiscard]] Result<void> check_issuer(const StateDirectory& directory, std::string_view thumbprint);

}  // namespace mullion::state
