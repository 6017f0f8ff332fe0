#include "state/certificate_import.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "crypto/certificate_bundle.h"
#include "crypto/keyed_certificate.h"
#include "os/file.h"
#include "state/certificates.h"
#include "state/config_store.h"
#include "state/state_directory.h"

namespace mullion::state {
namespace {

constexpr std::size_t largest_file = 1024 * 1024;

Result<Secret> read_bytes(const std::string& file) {
    MULLION_ASSIGN(std::string text, os::read_file(file, largest_file));
    Secret bytes(text);
    wipe_memory(text.data(), text.size());
    return bytes;
}

Result<Placed> put(const StateDirectory& directory, Store store, const crypto::BundledCertificate& one,
                   const crypto::CertificateInfo& info) {
    const std::string file = fmt::format("{}/{}.pem", folder_of(directory, store), info.thumbprint);
    MULLION_TRY(os::write_file_atomic(file, one.pem, 0600));
    return Placed{info, store};
}

// Of several that came together. The first is what was meant, and of Root all that sign themselves.
std::optional<Store> place_of(Store meant, const crypto::CertificateInfo& info, bool first) {
    if (meant == Store::my) return info.self_signed ? std::nullopt : std::optional(Store::ca);
    if (first && meant != Store::root) return meant;
    if (info.self_signed) return meant == Store::root ? std::optional(Store::root) : std::nullopt;
    return Store::ca;
}

Result<std::vector<crypto::BundledCertificate>> certificates_in(const std::string& file, const Secret& bytes,
                                                                const Secret* password) {
    return crypto::read_certificates(bytes, password, file);
}

Result<std::vector<Placed>> place(const StateDirectory& directory, Store meant,
                                  const std::vector<crypto::BundledCertificate>& all, std::size_t from) {
    std::vector<Placed> placed;
    for (std::size_t i = from; i < all.size(); ++i) {
        MULLION_ASSIGN(const auto info, crypto::describe_certificate(all[i].der));
        const bool alone = all.size() == 1 && meant != Store::my;
        const auto store = alone ? std::optional(meant) : place_of(meant, info, i == 0);
        if (!store) {
            placed.push_back({info, std::nullopt});
            continue;
        }
        MULLION_ASSIGN(auto one, put(directory, *store, all[i], info));
        placed.push_back(std::move(one));
    }
    return placed;
}

Result<std::vector<Placed>> import_with_key(const StateDirectory& directory, const std::string& file,
                                            const Secret& bytes, const Secret* password) {
    const Secret none;
    MULLION_ASSIGN(const auto keyed, crypto::read_keyed_certificate({bytes, none, password, file}));
    const Secret chain(keyed.chain_pem);
    MULLION_ASSIGN(const auto all, certificates_in(file, chain, nullptr));
    MULLION_ASSIGN(const auto own, crypto::describe_certificate(all.front().der));
    MULLION_TRY(store_certificate(directory.certificates(), own.thumbprint, keyed.chain_pem, keyed.key_pem));
    std::vector<Placed> placed{{own, Store::my}};
    MULLION_ASSIGN(auto others, place(directory, Store::my, all, 1));
    std::move(others.begin(), others.end(), std::back_inserter(placed));
    return placed;
}

Error is_named(std::string_view thumbprint, const std::vector<std::string>& users) {
    Error error(ErrorId::config_invalid,
                fmt::format("certificate {} stays: {} {} it", thumbprint, fmt::join(users, ", "),
                            users.size() == 1 ? "names" : "name"));
    error.advice.emplace_back("Have them name another one first, or say --force.");
    return error;
}

bool is_my_file(const std::string& file, const StateDirectory& directory) {
    return file.rfind(directory.certificates() + "/", 0) == 0;
}

// The flat folder's files are two stores' at once, and whole bundles of others' names.
bool is_of(const std::string& file, const StateDirectory& directory, std::optional<Store> store) {
    if (!store) return true;
    if (file.rfind(folder_of(directory, *store) + "/", 0) == 0) return true;
    const bool flat = file.rfind(directory.trust() + "/", 0) == 0 &&
                      file.find('/', directory.trust().size() + 1) == std::string::npos;
    return flat && (*store == Store::root || *store == Store::trusted_people);
}

Result<void> remove(const std::string& file) {
    if (::unlink(file.c_str()) == 0 || errno == ENOENT) return {};
    return os::system_error(ErrorId::state_directory, "remove " + file, errno);
}

// Each once: a running service says again what the files say.
std::vector<CertificateUse> together(std::vector<CertificateUse> uses,
                                     const std::vector<CertificateUse>& running) {
    for (const auto& one : running) {
        const auto is_it = [&](const auto& other) { return other.what == one.what; };
        if (std::none_of(uses.begin(), uses.end(), is_it)) uses.push_back(one);
    }
    return uses;
}

// A file that holds others as well must not take them along.
Result<void> check_alone(const std::string& file) {
    MULLION_ASSIGN(const Secret bytes, read_bytes(file));
    MULLION_ASSIGN(const auto all, certificates_in(file, bytes, nullptr));
    if (all.size() == 1) return {};
    return Error{ErrorId::config_invalid,
                 fmt::format("{} holds {} certificates: take it out there by hand", file, all.size())};
}

}  // namespace

Result<std::vector<Placed>> import_certificates(const std::string& state, const std::string& file,
                                                Store store, const Secret* password) {
    MULLION_ASSIGN(const Secret bytes, read_bytes(file));  // With the rights of who says so.
    MULLION_ASSIGN(StateDirectory directory, StateDirectory::open_existing(state));
    MULLION_ASSIGN(const auto change, directory.change());
    MULLION_ASSIGN(const ActAsOwner acting, ActAsOwner::begin(directory.owner()));
    if (store == Store::my) return import_with_key(directory, file, bytes, password);
    MULLION_ASSIGN(const auto all, certificates_in(file, bytes, password));
    return place(directory, store, all, 0);
}

Result<crypto::CertificateInfo> create_server_certificate(const std::string& state,
                                                          std::vector<std::string> names,
                                                          crypto::KeyKind kind,
                                                          std::chrono::hours valid_for) {
    MULLION_ASSIGN(StateDirectory directory, StateDirectory::open(state));
    MULLION_ASSIGN(const auto change, directory.change());
    MULLION_ASSIGN(const ActAsOwner acting, ActAsOwner::begin(directory.owner()));
    if (names.empty()) names = own_names();
    MULLION_ASSIGN(const auto made, crypto::make_self_signed(names, valid_for, kind));
    MULLION_ASSIGN(const std::string der, crypto::certificate_der(made.certificate_pem));
    MULLION_ASSIGN(auto info, crypto::describe_certificate(der));
    MULLION_TRY(
        store_certificate(directory.certificates(), info.thumbprint, made.certificate_pem, made.key_pem));
    return info;
}

Result<std::vector<std::string>> delete_certificate(const std::string& state, std::string_view thumbprint,
                                                    std::optional<Store> store, bool force,
                                                    const std::vector<CertificateUse>& running) {
    MULLION_ASSIGN(StateDirectory directory, StateDirectory::open_existing(state));
    MULLION_ASSIGN(const auto change, directory.change());
    MULLION_ASSIGN(const auto all, stored_certificates(directory));
    MULLION_ASSIGN(const ActAsOwner acting, ActAsOwner::begin(directory.owner()));
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) {
        return one.info.thumbprint == thumbprint &&
               std::any_of(one.files.begin(), one.files.end(),
                           [&](const auto& file) { return is_of(file, directory, store); });
    });
    if (found == all.end())
        return Error{ErrorId::config_invalid,
                     fmt::format("there is no certificate {} in {}", thumbprint,
                                 store ? std::string(to_string(*store)) : directory.path())};
    std::vector<std::string> files;
    bool my = false, trust = false;
    for (const auto& file : found->files) {
        if (!is_of(file, directory, store)) continue;
        files.push_back(file);
        (is_my_file(file, directory) ? my : trust) = true;
    }
    MULLION_ASSIGN(const auto tree, ConfigStore(state, {}).read());
    std::vector<std::string> users;
    for (const auto& use : together(uses_of(tree.config(), thumbprint), running))
        if (use.of_key ? my : trust) users.push_back(use.what);
    if (!users.empty() && !force) return is_named(thumbprint, users);
    for (const auto& file : files)
        if (!is_my_file(file, directory)) MULLION_TRY(check_alone(file));
    for (const auto& file : files) {
        MULLION_TRY(remove(file));
        if (is_my_file(file, directory)) MULLION_TRY(remove(file.substr(0, file.size() - 4) + ".crt"));
    }
    return users;
}

}  // namespace mullion::state
