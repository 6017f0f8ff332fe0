// The library's credential of the accepting side, and the file in memory through which it learns of one
// account.
#pragma once

#include <memory>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"
#include "gss/handles.h"

namespace mullion::gss {

// Not for two threads at once.
class AcceptorCredential {
public:
    // Errors: auth.gss
    [[nodiscard]] static Result<std::unique_ptr<AcceptorCredential>> acquire();
    AcceptorCredential(const AcceptorCredential&) = delete;
    AcceptorCredential& operator=(const AcceptorCredential&) = delete;
    ~AcceptorCredential();

    [[nodiscard]] gss_cred_id_t get() const { return credential_.get(); }
    // The row is `user` as the client spelt it, so that the library finds it in whatever case; the caller has
    // made sure that it has no character that means something in the file. Errors: auth.gss
    [[nodiscard]] Result<void> show_account(std::string_view user, const Secret& nt_hash);
    // Overwrites and empties the file.
    void hide_account();

private:
    AcceptorCredential() = default;

    CredentialHandle credential_;
    int file_ = -1;
};

// A credential for the length of one step, from the process's pool: acquiring one for SPNEGO leaks about 190
// bytes in libkrb5 1.20.1, so there are no more than steps ever ran at once. The account is hidden when it
// goes back.
class CredentialLease {
public:
    [[nodiscard]] static Result<CredentialLease> take();
    CredentialLease(CredentialLease&&) noexcept = default;
    CredentialLease& operator=(CredentialLease&&) = delete;
    ~CredentialLease();

    AcceptorCredential* operator->() { return credential_.get(); }
    AcceptorCredential& operator*() { return *credential_; }

private:
    explicit CredentialLease(std::unique_ptr<AcceptorCredential> credential)
        : credential_(std::move(credential)) {}

    std::unique_ptr<AcceptorCredential> credential_;
};

}  // namespace mullion::gss
