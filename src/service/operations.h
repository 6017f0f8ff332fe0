// What each account has under way, whatever it is of: requests that are being answered, and enumerations that
// were left open. MaxConcurrentOperationsPerUser counts them together. From any thread.
// [MS-WSMV] 3.1.4.8, 3.1.4.11
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "core/clock.h"
#include "core/ids.h"
#include "service/enumerations.h"
#include "service/outcome.h"
#include "service/visitor.h"
#include "wsman/enumeration.h"

namespace mullion::service {

class Operations {
public:
    // Of items that wait to be pulled, of one account: more than that of one service's whole configuration.
    static constexpr std::size_t most_bytes = 64 * 1024 * 1024;

    Operations(Random& random, const Clock& clock, std::size_t most = most_bytes)
        : most_(most), enumerations_(random, clock) {}

    // One request that counts for as long as this lives.
    class Place {
    public:
        Place(Operations& operations, std::string user) : operations_(&operations), user_(std::move(user)) {}
        Place(Place&& other) noexcept
            : operations_(std::exchange(other.operations_, nullptr)), user_(std::move(other.user_)) {}
        Place& operator=(Place&&) = delete;
        ~Place() {
            if (operations_ != nullptr) operations_->end(user_);
        }

    private:
        Operations* operations_;
        std::string user_;
    };
    // Faults: quota_operations
    [[nodiscard]] Outcome<Place> begin(const Visit& visit);

    // The answer to Enumerate of a resource. What is left open counts until its last Pull, its Release, or
    // EnumerationTimeoutms. Faults: quota_operations, quota_user, response_too_large
    [[nodiscard]] Outcome<wsman::Batch> enumerate(const Visit& visit, std::string_view resource,
                                                  std::deque<std::string> items,
                                                  const wsman::Enumerate& what);
    // Neither counts: no quota stands in the way of giving something up. Faults: invalid_enumeration_context
    // (another's, of another resource, or none any more), response_too_large
    [[nodiscard]] Outcome<wsman::Batch> pull(const Visit& visit, std::string_view resource,
                                             const wsman::Pull& what);
    [[nodiscard]] Done release(const Visit& visit, std::string_view resource, const std::string& context);

    // Of items that wait to be pulled.
    [[nodiscard]] std::size_t bytes(std::string_view user) const;
    // Forgets enumerations that nobody pulls from.
    void sweep();

private:
    void end(const std::string& user);
    [[nodiscard]] std::optional<wsman::Fault> over_quota(const Visit& visit) const;

    const std::size_t most_;
    mutable std::mutex mutex_;
    std::map<std::string, unsigned, std::less<>> requests_;  // Outstanding, by user.
    Enumerations enumerations_;
};

}  // namespace mullion::service
