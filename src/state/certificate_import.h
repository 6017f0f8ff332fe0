// How certificates come into the stores of a state directory, and leave them. A running service sees it at
// once: it looks at My when a listener or CredSSP names one, and at the others for each client's certificate.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/secret.h"
#include "crypto/x509.h"
#include "state/certificate_stores.h"
#include "state/certificate_uses.h"

namespace mullion::state {

struct Placed {
    crypto::CertificateInfo info;
    std::optional<Store> store;  // Nothing: it was left out.
};

// What lies in a file (PEM, DER or PKCS#12) into a store. Only My takes a key, and wants one. What comes
// along goes where it belongs: who signed what was meant into CA; one that signs itself is left out, unless
// Root was meant, for nobody has said that it is to be trusted. `password` is null where none was given.
// Errors: tls.files, tls.client_key, tls.client_key_password, usage.file, state.…
[[nodiscard]] Result<std::vector<Placed>> import_certificates(const std::string& state,
                                                              const std::string& file, Store store,
                                                              const Secret* password);

// A new one of this machine, that signs itself, into My. Without names: the machine's own.
[[nodiscard]] Result<crypto::CertificateInfo> create_server_certificate(const std::string& state,
                                                                        std::vector<std::string> names,
                                                                        crypto::KeyKind kind,
                                                                        std::chrono::hours valid_for);

// Takes it out of that store, or out of all. Refused while a listener, a mapping or
// Service/CertificateThumbprint names it, unless `force`: of winrm.yaml, of policy, and those that `running`
// has, which is what a running service says of itself. Gives those who named it. Errors: config.invalid (it
// is not there, or named), state.…
[[nodiscard]] Result<std::vector<std::string>> delete_certificate(
    const std::string& state, std::string_view thumbprint, std::optional<Store> store, bool force,
    const std::vector<CertificateUse>& running = {});

}  // namespace mullion::state
