#include "state/certificate_admin.h"

#include <algorithm>

#include <fmt/core.h>

#include "core/secret.h"
#include "crypto/certificate_bundle.h"
#include "os/file.h"
#include "state/config_store.h"
#include "state/state_directory.h"
#include "storage/database.h"

namespace mullion::state {
namespace {

constexpr std::size_t largest_file = 1024 * 1024;

// Whom a mapping lets in must exist, and who signed be trusted.
Result<ConfigLayer> with(const StateDirectory& directory, const ConfigTree& tree,
                         const CertificateMapping& mapping) {
    MULLION_TRY(check_issuer(directory, mapping.issuer));
    MULLION_ASSIGN(
        const auto database,
        storage::AccountsDatabase::open(directory.accounts(), storage::AccountsDatabase::Mode::read_write));
    MULLION_ASSIGN(const auto account, database->find(mapping.user));
    if (!account) return Error{ErrorId::account_missing, mapping.user};
    ConfigLayer layer = tree.file;
    const auto is_it = [&](const auto& other) { return same_key(other, mapping); };
    if (std::any_of(layer.mappings.begin(), layer.mappings.end(), is_it))
        return Error{ErrorId::config_invalid,
                     fmt::format("{}/winrm.yaml: there is already a mapping of that Issuer, Subject and URI",
                                 directory.path())};
    layer.mappings.push_back(mapping);
    return layer;
}

}  // namespace

Result<std::vector<std::string>> trust_certificates(const std::string& state, const std::string& file) {
    MULLION_ASSIGN(std::string text, os::read_file(file, largest_file));
    const Secret bytes(text);
    wipe_memory(text.data(), text.size());
    MULLION_ASSIGN(const auto all, crypto::read_certificates(bytes, nullptr, file));
    MULLION_ASSIGN(const StateDirectory directory, StateDirectory::open_existing(state));
    MULLION_ASSIGN(const ActAsOwner acting, ActAsOwner::begin(directory.owner()));
    std::vector<std::string> thumbprints;
    for (const auto& one : all) {
        MULLION_ASSIGN(const auto info, crypto::describe_certificate(one.der));
        MULLION_TRY(os::write_file_atomic(fmt::format("{}/{}.pem", directory.trust(), info.thumbprint),
                                          one.pem, 0600));
        thumbprints.push_back(info.thumbprint);
    }
    return thumbprints;
}

Result<void> add_mapping(const std::string& state, const CertificateMapping& mapping) {
    MULLION_ASSIGN(const StateDirectory directory, StateDirectory::open_existing(state));
    const auto edit = [&](const ConfigTree& tree) { return with(directory, tree, mapping); };
    MULLION_TRY(ConfigStore(state, {}).change(edit));
    return {};
}

Result<KnownCertificates> list_certificates(const std::string& state) {
    MULLION_ASSIGN(const StateDirectory directory, StateDirectory::open_existing(state));
    KnownCertificates all;
    MULLION_ASSIGN(all.certificates, stored_certificates(directory));
    MULLION_ASSIGN(const ActAsOwner acting, ActAsOwner::begin(directory.owner()));
    MULLION_ASSIGN(const auto tree, ConfigStore(state, {}).read());
    all.config = tree.config();
    return all;
}

}  // namespace mullion::state
