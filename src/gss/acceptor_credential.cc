#include "gss/acceptor_credential.h"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <string>
#include <vector>

#include "encoding/hex.h"
#include "gss/mechanisms.h"
#include "gss/status.h"

namespace mullion::gss {
namespace {

// The library reads lines of at most 1023 bytes.
constexpr std::size_t kMaxRow = 1000;

Error system_error(const char* what) {
    return Error(ErrorId::auth_gss, std::string(what) + ": " + std::strerror(errno));
}

// "@HOST" instead of "HTTP@HOST": the plugin would announce HTTP/HOST as our service name in the challenge,
// which Windows does not, and then its own clients refuse to speak to us under any other name or address of
// this machine.
std::string own_name() {
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "@localhost";
    return std::string("@") + name.data();
}

// The one process-wide thing of this room, as the library's own state is.
struct Pool {
    std::mutex mutex;
    std::vector<std::unique_ptr<AcceptorCredential>> idle;
};
Pool& pool() {
    static Pool instance;
    return instance;
}

}  // namespace

Result<std::unique_ptr<AcceptorCredential>> AcceptorCredential::acquire() {
    MULLION_TRY(load_library());
    std::unique_ptr<AcceptorCredential> result(new AcceptorCredential());
    result->file_ = memfd_create("ntlm-account", MFD_CLOEXEC);
    if (result->file_ < 0) return system_error("memfd_create");
    const std::string path = "/proc/self/fd/" + std::to_string(result->file_);

    OM_uint32 minor = 0;
    const std::string host = own_name();
    gss_buffer_desc text = lend(host);
    Name name;
    OM_uint32 major = library().import_name(&minor, &text, library().hostbased_service, name.out());
    if (major != GSS_S_COMPLETE) return Error(ErrorId::auth_gss, status_text(major, minor, ntlm_mechanism()));

    // Both: a credential of SPNEGO alone refuses raw NTLM tokens.
    MechanismSet both(spnego_mechanism(), ntlm_mechanism());
    gss_key_value_element_desc element{GSS_NTLMSSP_CS_KEYFILE, path.c_str()};
    gss_key_value_set_desc store{1, &element};
    major = library().acquire_cred_from(&minor, name.get(), GSS_C_INDEFINITE, both.get(), GSS_C_ACCEPT,
                                        &store, result->credential_.out(), nullptr, nullptr);
    if (major != GSS_S_COMPLETE) {
        return Error(ErrorId::auth_gss, "acquire a credential to accept NTLM (is gss-ntlmssp installed?): " +
                                            status_text(major, minor, ntlm_mechanism()));
    }
    MechanismSet ntlm_only(ntlm_mechanism());
    major = library().set_neg_mechs(&minor, result->credential_.get(), ntlm_only.get());
    if (major != GSS_S_COMPLETE)
        return Error(ErrorId::auth_gss, status_text(major, minor, spnego_mechanism()));
    return result;
}

AcceptorCredential::~AcceptorCredential() {
    if (file_ < 0) return;
    hide_account();
    close(file_);
}

Result<void> AcceptorCredential::show_account(std::string_view user, const Secret& nt_hash) {
    // smbpasswd(5): name:uid:LM hash:NT hash:flags:changed:
    std::string row;
    row.reserve(2 * kMaxRow);  // So that no half copy of the hash stays behind.
    std::string hex = encoding::to_upper_hex(nt_hash.expose());
    row.append(user).append(":0:").append(32, 'X').append(1, ':').append(hex).append(":[U]:LCT-00000000:\n");
    const bool fits = row.size() <= kMaxRow;
    const bool written = fits && pwrite(file_, row.data(), row.size(), 0) == static_cast<ssize_t>(row.size());
    wipe_memory(hex.data(), hex.size());
    wipe_memory(row.data(), row.size());
    if (!fits) return Error(ErrorId::auth_gss, "the user's name is too long");
    if (!written) return system_error("write the account for NTLM");
    return {};
}

void AcceptorCredential::hide_account() {
    constexpr std::array<char, kMaxRow> zeros{};
    const off_t size = lseek(file_, 0, SEEK_END);
    if (size <= 0) return;
    // Best effort before the pages are given back, which the kernel zeroes again before it reuses them.
    (void)!pwrite(file_, zeros.data(), std::min<std::size_t>(static_cast<std::size_t>(size), zeros.size()),
                  0);
    if (ftruncate(file_, 0) != 0) std::abort();  // Else the next client could be taken for this one.
}

Result<CredentialLease> CredentialLease::take() {
    {
        const std::lock_guard lock(pool().mutex);
        if (!pool().idle.empty()) {
            std::unique_ptr<AcceptorCredential> credential = std::move(pool().idle.back());
            pool().idle.pop_back();
            return CredentialLease(std::move(credential));
        }
    }
    MULLION_ASSIGN(std::unique_ptr<AcceptorCredential> credential, AcceptorCredential::acquire());
    return CredentialLease(std::move(credential));
}

CredentialLease::~CredentialLease() {
    if (!credential_) return;
    credential_->hide_account();
    const std::lock_guard lock(pool().mutex);
    pool().idle.push_back(std::move(credential_));
}

}  // namespace mullion::gss
