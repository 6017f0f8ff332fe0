#include "service/trusted_clients.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include <fmt/core.h>

#include "os/file.h"

namespace mullion::service {
namespace {

namespace fs = std::filesystem;
using Texts = std::vector<crypto::ClientTrust::Text>;

constexpr std::size_t largest_file = 16 * 1024 * 1024;  // Revocation lists of large authorities.
constexpr std::size_t most_files = 1'000;

Result<Texts> read_files(const std::vector<fs::path>& paths) {
    Texts texts;
    for (const auto& path : paths) {
        MULLION_ASSIGN(std::string text, os::read_file(path.string(), largest_file));
        texts.push_back({path.string(), std::move(text)});
    }
    return texts;
}

}  // namespace

Result<crypto::ClientTrust> trust_in(const std::string& folder) {
    std::vector<fs::path> certificates, lists;
    std::error_code problem;
    for (fs::directory_iterator item(folder, problem), end; !problem && item != end;
         item.increment(problem)) {
        if (item->path().extension() == ".pem") certificates.push_back(item->path());
        if (item->path().extension() == ".crl") lists.push_back(item->path());
    }
    if (problem && problem != std::errc::no_such_file_or_directory)
        return os::system_error(ErrorId::usage_file, "read the folder " + folder, problem.value());
    if (certificates.size() + lists.size() > most_files)
        return Error(ErrorId::tls_files, fmt::format("{}: over {} files", folder, most_files));
    std::sort(certificates.begin(), certificates.end());
    MULLION_ASSIGN(const Texts pems, read_files(certificates));
    MULLION_ASSIGN(const Texts crls, read_files(lists));
    return crypto::ClientTrust::make(pems, crls);
}

Result<void> TrustedClients::read() {
    MULLION_ASSIGN(auto trust, trust_in(folder_));
    auto next = std::make_shared<const crypto::ClientTrust>(std::move(trust));
    const std::lock_guard lock(mutex_);
    trust_ = std::move(next);
    return {};
}

std::shared_ptr<const crypto::ClientTrust> TrustedClients::current() const {
    const std::lock_guard lock(mutex_);
    return trust_;
}

std::vector<std::string> TrustedClients::trusted() const {
    const auto trust = current();
    return trust ? trust->trusted() : std::vector<std::string>();
}

Result<crypto::ProvenCertificate> TrustedClients::verify(std::string_view der) const {
    const auto trust = current();
    if (!trust) return Error(ErrorId::auth_rejected, "client certificate: nobody is trusted");
    return trust->verify(der, clock_.wall());
}

}  // namespace mullion::service
