#include "state/certificate_stores.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

#include <fmt/core.h>

#include "core/secret.h"
#include "crypto/certificate_bundle.h"
#include "encoding/hex.h"
#include "http/message.h"
#include "os/file.h"
#include "state/state_directory.h"
#include "state/warnings.h"

namespace mullion::state {
namespace {

namespace fs = std::filesystem;
using Texts = std::vector<crypto::ClientTrust::Text>;

constexpr std::size_t largest_certificate = 1024 * 1024;
constexpr std::size_t largest_list = 16 * 1024 * 1024;  // Revocation lists of large authorities.
constexpr std::size_t most_files = 1'000;
constexpr std::string_view key_begin = "-----BEGIN PRIVATE KEY-----";

// A file of a folder and what it counts as.
struct Found {
    std::string path;
    std::vector<Store> stores;
};

Result<std::vector<std::string>> files_of(const std::string& folder, std::string_view ending) {
    std::vector<std::string> paths;
    std::error_code problem;
    for (fs::directory_iterator item(folder, problem), end; !problem && item != end; item.increment(problem))
        if (item->path().extension() == ending) paths.push_back(item->path().string());
    if (problem && problem != std::errc::no_such_file_or_directory)
        return os::system_error(ErrorId::usage_file, "read the folder " + folder, problem.value());
    if (paths.size() > most_files)
        return Error(ErrorId::tls_files, fmt::format("{}: over {} files", folder, most_files));
    std::sort(paths.begin(), paths.end());
    return paths;
}

std::string trust_folder(const std::string& trust, Store store) {
    return fmt::format("{}/{}", trust, to_string(store));
}

Result<Texts> read_texts(const std::string& folder, std::string_view ending, std::size_t limit) {
    Texts texts;
    MULLION_ASSIGN(const auto paths, files_of(folder, ending));
    for (const auto& path : paths) {
        MULLION_ASSIGN(std::string text, os::read_file(path, limit));
        texts.push_back({path, std::move(text)});
    }
    return texts;
}

Result<std::vector<Found>> all_files(const StateDirectory& directory) {
    std::vector<Found> found;
    const auto add = [&](const std::string& folder, const std::vector<Store>& stores) -> Result<void> {
        MULLION_ASSIGN(const auto paths, files_of(folder, ".pem"));
        for (const auto& path : paths) found.push_back({path, stores});
        return {};
    };
    for (const auto store : all_stores) MULLION_TRY(add(folder_of(directory, store), {store}));
    MULLION_TRY(add(directory.trust(), {Store::root, Store::trusted_people}));
    return found;
}

// Of a file of My only the first is its own: who signed it stands behind it.
Result<void> read_into(std::map<std::string, StoredCertificate>& all, const Found& file) {
    MULLION_ASSIGN(std::string text, os::read_file(file.path, largest_certificate));
    const bool has_key = text.find(key_begin) != std::string::npos;
    const Secret bytes(text);
    wipe_memory(text.data(), text.size());
    auto certificates = crypto::read_certificates(bytes, nullptr, file.path);
    if (!certificates.ok()) return {};
    const bool mine = file.stores.front() == Store::my;
    if (mine) certificates->resize(1);
    for (const auto& one : *certificates) {
        MULLION_ASSIGN(const auto info, crypto::describe_certificate(one.der));
        auto& stored = all[info.thumbprint];
        stored.info = info;
        stored.files.push_back(file.path);
        stored.has_key = stored.has_key || (mine && has_key);
        stored.stores.insert(stored.stores.end(), file.stores.begin(), file.stores.end());
        std::sort(stored.stores.begin(), stored.stores.end());
        stored.stores.erase(std::unique(stored.stores.begin(), stored.stores.end()), stored.stores.end());
    }
    return {};
}

}  // namespace

std::string_view to_string(Store store) {
    switch (store) {
        case Store::root:
            return "Root";
        case Store::ca:
            return "CA";
        case Store::trusted_people:
            return "TrustedPeople";
        case Store::my:
            break;
    }
    return "My";
}

std::optional<Store> store_named(std::string_view text) {
    for (const std::string_view prefix : {"cert:\\", "cert:/", "LocalMachine\\", "LocalMachine/"})
        if (http::same_without_case(text.substr(0, prefix.size()), prefix)) text.remove_prefix(prefix.size());
    for (const auto store : all_stores)
        if (http::same_without_case(text, to_string(store))) return store;
    return std::nullopt;
}

std::vector<std::string> store_folders(const std::string& trust) {
    return {trust, trust_folder(trust, Store::root), trust_folder(trust, Store::ca),
            trust_folder(trust, Store::trusted_people)};
}

std::string folder_of(const StateDirectory& directory, Store store) {
    return store == Store::my ? directory.certificates() : trust_folder(directory.trust(), store);
}

Result<std::vector<StoredCertificate>> stored_certificates(const StateDirectory& directory) {
    MULLION_ASSIGN(const ActAsOwner acting, ActAsOwner::begin(directory.owner()));
    MULLION_ASSIGN(const auto files, all_files(directory));
    std::map<std::string, StoredCertificate> all;
    for (const auto& file : files) MULLION_TRY(read_into(all, file));
    std::vector<StoredCertificate> out;
    for (auto& [thumbprint, one] : all) out.push_back(std::move(one));
    return out;
}

Result<crypto::ClientTrust> trust_in(const std::string& trust) {
    crypto::ClientTrust::Texts texts;
    MULLION_ASSIGN(texts.roots, read_texts(trust, ".pem", largest_certificate));
    texts.people = texts.roots;
    MULLION_ASSIGN(auto roots, read_texts(trust_folder(trust, Store::root), ".pem", largest_certificate));
    std::move(roots.begin(), roots.end(), std::back_inserter(texts.roots));
    MULLION_ASSIGN(texts.intermediates,
                   read_texts(trust_folder(trust, Store::ca), ".pem", largest_certificate));
    MULLION_ASSIGN(auto people,
                   read_texts(trust_folder(trust, Store::trusted_people), ".pem", largest_certificate));
    std::move(people.begin(), people.end(), std::back_inserter(texts.people));
    MULLION_ASSIGN(texts.revocation_lists, read_texts(trust, ".crl", largest_list));
    return crypto::ClientTrust::make(texts);
}

std::optional<std::string> as_thumbprint(std::string_view text) {
    std::string digits(text);
    // A blank of no width is what the certificate dialog of Windows copies along.
    if (digits.rfind("\xE2\x80\x8E", 0) == 0) digits.erase(0, 3);
    std::erase(digits, ' ');
    const auto bytes = encoding::from_hex(digits);
    if (!bytes || bytes->size() != 20) return std::nullopt;
    return encoding::to_upper_hex(*bytes);
}

Result<void> check_issuer(const StateDirectory& directory, std::string_view thumbprint) {
    MULLION_ASSIGN(const auto trust, [&]() -> Result<crypto::ClientTrust> {
        MULLION_ASSIGN(const ActAsOwner acting, ActAsOwner::begin(directory.owner()));
        return trust_in(directory.trust());
    }());
    const auto named = trust.trusted();
    const auto wanted = as_thumbprint(thumbprint);
    MULLION_ASSIGN(const auto all, stored_certificates(directory));
    const auto stored = std::find_if(all.begin(), all.end(), [&](const auto& one) {
        return wanted && one.info.thumbprint == *wanted && one.stores != std::vector{Store::my};
    });
    if (stored == all.end())
        return Error{
            ErrorId::config_invalid,
            fmt::format("issuer {}: there is no such certificate in Root, CA or TrustedPeople; mullion "
                        "cert import FILE --store Root --state {} puts it there. {}",
                        thumbprint, directory.path(), who_is_trusted(named))};
    if (!stored->info.can_sign && !stored->info.self_signed)
        return Error{ErrorId::config_invalid,
                     fmt::format("issuer {} ({}) is no authority: it cannot sign clients' certificates",
                                 *wanted, stored->info.subject)};
    if (std::find(named.begin(), named.end(), *wanted) == named.end())
        return Error{
            ErrorId::config_invalid,
            fmt::format("issuer {} ({}) leads to no certificate of Root: import who signed it ({}) with "
                        "mullion cert import FILE --store Root --state {}",
                        *wanted, stored->info.subject, stored->info.issuer, directory.path())};
    return {};
}

}  // namespace mullion::state
