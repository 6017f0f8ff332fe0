#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>

#include "encoding/hex.h"
#include "gss_peer/binding.h"
#include "gss_peer/gss_peer.h"
#include "gss_peer/handles.h"
#include "gss_peer/mechanisms.h"
#include "gss_peer/sealing.h"
#include "gss_peer/status.h"

namespace mullion::gss_peer {
namespace {

void require(OM_uint32 major, OM_uint32 minor) {
    if (major == GSS_S_COMPLETE) return;
    std::fprintf(stderr, "library: %s\n", status_text(major, minor, ntlm_mechanism()).c_str());
    std::abort();
}

// The file through which the library learns of accounts: smbpasswd(5), in memory.
class AccountFile {
public:
    AccountFile(auth::AccountLookup& accounts, const std::vector<std::string>& users)
        : descriptor_(memfd_create("accounts", MFD_CLOEXEC)) {
        for (const std::string& user : users) {
            auto found = accounts.find(user);
            if (!found.ok() || !*found) std::abort();
            const std::string row = user + ":0:" + std::string(32, 'X') + ":" +
                                    encoding::to_upper_hex((*found)->nt_hash.expose()) +
                                    ":[U]:LCT-00000000:\n";
            if (write(descriptor_, row.data(), row.size()) != static_cast<ssize_t>(row.size())) std::abort();
        }
    }
    AccountFile(const AccountFile&) = delete;
    AccountFile& operator=(const AccountFile&) = delete;
    ~AccountFile() { close(descriptor_); }
    [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

private:
    int descriptor_;
};

// "@HOST" instead of "HTTP@HOST": with the latter the plugin announces a service name in the challenge, which
// Windows does not, and its clients refuse to speak to it under another.
Name own_name() {
    std::array<char, 256> host{};
    const bool named = gethostname(host.data(), host.size() - 1) == 0 && host[0] != '\0';
    const std::string text = std::string("@") + (named ? host.data() : "localhost");
    gss_buffer_desc lent = lend(text);
    OM_uint32 minor = 0;
    Name name;
    require(gss_import_name(&minor, &lent, GSS_C_NT_HOSTBASED_SERVICE, name.out()), minor);
    return name;
}

CredentialHandle credential(const std::string& path) {
    const Name name = own_name();
    MechanismSet both(spnego_mechanism(), ntlm_mechanism());
    gss_key_value_element_desc element{GSS_NTLMSSP_CS_KEYFILE, path.c_str()};
    gss_key_value_set_desc store{1, &element};
    CredentialHandle handle;
    OM_uint32 minor = 0;
    require(gss_acquire_cred_from(&minor, name.get(), GSS_C_INDEFINITE, both.get(), GSS_C_ACCEPT, &store,
                                  handle.out(), nullptr, nullptr),
            minor);
    MechanismSet ntlm_only(ntlm_mechanism());
    require(gss_set_neg_mechs(&minor, handle.get(), ntlm_only.get()), minor);
    return handle;
}

class Service final : public auth::Acceptor {
public:
    Service(auth::AccountLookup& accounts, const std::vector<std::string>& users,
            const ServiceOptions& options)
        : accounts_(accounts),
          options_(options),
          file_(accounts, users),
          credential_(credential(file_.path())) {
        if (options_.hardening == auth::CbtHardening::none) options_.binding = {};
    }

    bool may_block() const override { return true; }
    Result<auth::AcceptStep> step(std::string_view token) override;
    auth::Sealing* sealing() override { return sealing_ ? &*sealing_ : nullptr; }
    std::string_view multipart_protocol() const override {
        return "application/HTTP-SPNEGO-session-encrypted";
    }

private:
    Result<auth::Identity> identify(const Name& source, OM_uint32 flags);

    auth::AccountLookup& accounts_;
    ServiceOptions options_;
    AccountFile file_;
    CredentialHandle credential_;
    Context context_;
    std::optional<GssSealing> sealing_;
    std::optional<auth::Transport> transport_;
};

Result<auth::AcceptStep> Service::step(std::string_view token) {
    if (!transport_) {
        transport_ = token.starts_with("NTLMSSP") ? auth::Transport::ntlm : auth::Transport::negotiate;
    }
    Bindings bindings(options_.binding);
    gss_buffer_desc input = lend(token);
    OutBuffer output;
    Name source;
    OM_uint32 minor = 0;
    OM_uint32 flags = 0;
    const OM_uint32 major =
        gss_accept_sec_context(&minor, context_.out(), credential_.get(), &input, bindings.get(),
                               source.out(), nullptr, output.out(), &flags, nullptr, nullptr);
    if (GSS_ERROR(major)) {
        return Error(ErrorId::auth_rejected, "library: " + status_text(major, minor, ntlm_mechanism()));
    }
    auth::AcceptStep result{std::string(output.view()), std::nullopt};
    if (major != GSS_S_COMPLETE) return result;
    MULLION_ASSIGN(auth::Identity identity, identify(source, flags));
    result.identity = std::move(identity);
    const OM_uint32 needed = GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG;
    if ((flags & needed) == needed) sealing_.emplace(context_, ntlm_mechanism());
    return result;
}

Result<auth::Identity> Service::identify(const Name& source, OM_uint32 flags) {
    OutBuffer shown;
    OM_uint32 minor = 0;
    require(gss_display_name(&minor, source.get(), shown.out(), nullptr), minor);
    std::string_view name = shown.view();
    if (name.ends_with('\0')) name.remove_suffix(1);  // The plugin counts it.
    if (const auto backslash = name.find('\\'); backslash != std::string_view::npos)
        name.remove_prefix(backslash + 1);
    const bool must_be_bound = options_.hardening == auth::CbtHardening::strict && !options_.binding.empty();
    if (must_be_bound && (flags & GSS_C_CHANNEL_BOUND_FLAG) == 0) {
        return Error(ErrorId::auth_rejected, "library: no channel binding");
    }
    MULLION_ASSIGN(auto account, accounts_.find(name));
    if (!account) return Error(ErrorId::auth_rejected, "library: accepted a stranger");
    return auth::Identity(account->user, *transport_, account->administrator, account->unix_user);
}

}  // namespace

std::unique_ptr<auth::Acceptor> make_service(auth::AccountLookup& accounts,
                                             const std::vector<std::string>& users,
                                             const ServiceOptions& options) {
    return std::make_unique<Service>(accounts, users, options);
}

}  // namespace mullion::gss_peer
