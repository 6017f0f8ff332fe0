// Certificates of HTTPS listeners that were given none: one authority, made at start, signs one for every few
// hosts when the first of them is spoken to. A client trusts the authority and checks names as ever; ten
// thousand names in one certificate, or ten thousand contexts, would be a load of their own.
#pragma once

#include <memory>
#include <optional>
#include <unordered_map>

#include "crypto/x509.h"
#include "net/tls.h"
#include "simulate/fleet.h"

namespace mullion::simulate {

class Certificates {
public:
    // Errors: tls.files
    [[nodiscard]] static Result<Certificates> make(const Fleet& fleet);

    [[nodiscard]] const std::string& authority_pem() const { return authority_.certificate_pem; }
    // For its name and address. Errors: tls.files
    [[nodiscard]] Result<std::shared_ptr<const net::TlsServer>> of_host(std::size_t index);

private:
    Certificates(const Fleet& fleet, crypto::SelfSigned authority)
        : fleet_(&fleet), authority_(std::move(authority)) {}

    const Fleet* fleet_;
    crypto::SelfSigned authority_;
    std::unordered_map<std::size_t, std::shared_ptr<const net::TlsServer>> by_group_;
};

}  // namespace mullion::simulate
