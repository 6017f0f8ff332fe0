// Which client certificates a service believes, by its stores: signed directly or in a chain that ends in
// Root, or themselves in TrustedPeople.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/result.h"

namespace mullion::crypto {

// A client's certificate that is believed, and whose key TLS has proven the client to have. It is no
// identity: whom it means depends on what is asked for ([MS-WSMV], CertMapping).
struct ProvenCertificate {
    std::string thumbprint;         // 40 upper-case hex digits.
    std::string issuer;             // The thumbprint of who signed it directly; its own when that is itself.
    std::string subject;            // For people.
    std::vector<std::string> upns;  // User principal names of subjectAltName.
};

// Immutable: from any thread.
class ClientTrust {
public:
    struct Text {
        std::string name;  // For errors.
        std::string pem;
    };
    // What is in a root is trusted as it is, without those above it. An intermediate helps to get from a
    // client's certificate to a root, and is nothing by itself. Of people only certificates that sign
    // themselves are believed: those of others name nobody who could be mapped.
    struct Texts {
        std::vector<Text> roots;
        std::vector<Text> intermediates;
        std::vector<Text> people;
        std::vector<Text> revocation_lists;
    };
    // Nothing in it: nobody is believed. Errors: tls.files
    [[nodiscard]] static Result<ClientTrust> make(const Texts& texts);
    // Only roots.
    [[nodiscard]] static Result<ClientTrust> make(const std::vector<Text>& roots,
                                                  const std::vector<Text>& revocation_lists);

    // At that time: signature, dates, uses (clientAuth must be named), and revocation where there is a list
    // of its issuer's, also of intermediates. Errors: auth.rejected, with the reason for the log; tls.files
    [[nodiscard]] Result<ProvenCertificate> verify(std::string_view der, WallTime now) const;
    // Thumbprints of those who may be named as a client's issuer: roots, intermediates that lead to one, and
    // people. Whether they can sign is not looked at.
    [[nodiscard]] std::vector<std::string> trusted() const;

private:
    struct Store;
    explicit ClientTrust(std::shared_ptr<const Store> store) : store_(std::move(store)) {}
    std::shared_ptr<const Store> store_;
};

}  // namespace mullion::crypto
