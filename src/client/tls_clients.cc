#include "client/tls_clients.h"

#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace mullion::client {
namespace {

// A fleet has one or a few; where each host has a pin of its own, memory must not grow with the fleet.
constexpr std::size_t most_entries = 16;

}  // namespace

TlsClients::TlsClients() : stopped_(::eventfd(0, EFD_CLOEXEC)) {
    if (!stopped_) throw std::system_error(errno, std::generic_category(), "eventfd");
}

void TlsClients::stop_waiting() {
    const std::uint64_t one = 1;
    (void)!::write(stopped_.get(), &one, sizeof one);
}

// What is no file (`<(command)`) can be read once only, and what was read stays.
TlsClients::Stamps TlsClients::stamps_of(const net::TlsVerification& rules) {
    Stamps stamps;
    for (const auto* path : {&rules.ca_file, &rules.crl_file, &rules.client_certificate_file,
                             &rules.client_key_file, &rules.client_key_password_file}) {
        struct stat state {};
        if (path->empty() || ::stat(path->c_str(), &state) != 0 || !S_ISREG(state.st_mode)) continue;
        stamps.insert(stamps.end(), {static_cast<std::int64_t>(state.st_ino), state.st_size,
                                     state.st_mtim.tv_sec, state.st_mtim.tv_nsec});
    }
    return stamps;
}

Result<std::shared_ptr<const net::TlsClient>> TlsClients::get(const net::TlsVerification& rules) {
    auto stamps = stamps_of(rules);
    // Held while files are read: whoever wants the same settings meanwhile would read them as well.
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const Entry& entry) { return entry.rules == rules; });
    if (found != entries_.end() && found->stamps == stamps) {
        std::rotate(found, found + 1, entries_.end());
        return entries_.back().client;
    }
    MULLION_ASSIGN(auto made, net::TlsClient::make(rules, stopped_.get()));
    if (found != entries_.end()) {
        entries_.erase(found);
    } else if (entries_.size() >= most_entries) {
        entries_.erase(entries_.begin());
    }
    entries_.push_back({rules, std::move(stamps), std::move(made)});
    return entries_.back().client;
}

}  // namespace mullion::client
