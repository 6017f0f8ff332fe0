// What each account has under way, whatever it is of: requests that are being answered, and enumerations that
// were left open. MaxConcurrentOperationsPerUser counts them together. From any thread.
// [MS-WSMV] 3.1.4.8, 3.1.4.11
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/ids.h"
#include "service/access/visitor.h"
#include "service/requests/enumerations.h"
#include "service/requests/outcome.h"
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
        Place(Operations& operations, std::string user, const ItemSource* source = nullptr)
            : operations_(&operations), user_(std::move(user)), source_(source) {}
        Place(Place&& other) noexcept
            : operations_(std::exchange(other.operations_, nullptr)),
              user_(std::move(other.user_)),
              source_(other.source_) {}
        Place& operator=(Place&&) = delete;
        ~Place() {
            if (operations_ != nullptr) operations_->end(user_, source_);
        }

    private:
        friend class Operations;
        Operations* operations_;
        std::string user_;
        const ItemSource* source_;  // Of an enumeration that begins; null mostly.
    };
    // Faults: quota_operations
    [[nodiscard]] Outcome<Place> begin(const Visit& visit);

    // The answer to Enumerate of a resource: it counts from before its source begins until its last Pull, its
    // Release, or EnumerationTimeoutms. An optimized one whose first item is not there in time is answered
    // with its context alone. Faults: quota_operations, quota_user, response_too_large, and the source's
    [[nodiscard]] net::Task<Outcome<wsman::Batch>> enumerate(Visit visit, std::string resource,
                                                             std::unique_ptr<ItemSource> source,
                                                             wsman::Enumerate what);
    // Neither counts: no quota stands in the way of giving something up. Faults: invalid_enumeration_context
    // (another's, of another resource, or none any more), concurrency, response_too_large,
    // operation_timed_out, and the source's
    [[nodiscard]] net::Task<Outcome<wsman::Batch>> pull(Visit visit, std::string resource, wsman::Pull what);
    [[nodiscard]] Done release(const Visit& visit, std::string_view resource, const std::string& context);

    // Of items that wait to be pulled, or may come to.
    [[nodiscard]] std::size_t bytes(std::string_view user) const;
    // Forgets enumerations that nobody pulls from.
    void sweep();
    // Ends those of accounts that are no more.
    void end_of_deleted(const std::function<bool(const rights::Sid& account)>& deleted);

private:
    class Loan;
    [[nodiscard]] Outcome<Enumerations::Source> lend(const Visit& visit, std::string resource,
                                                     const std::string& context);
    void end(const std::string& user, const ItemSource* source);
    void end_locked(const std::string& user, const ItemSource* source);
    [[nodiscard]] std::size_t bytes_locked(std::string_view user) const;
    // From a request that counts to an enumeration that does, in one step.
    [[nodiscard]] std::string leave_open(Place place, const Visit& visit, std::string resource,
                                         std::unique_ptr<ItemSource> source, std::optional<Duration> life);
    [[nodiscard]] Outcome<Place> begin_enumeration(const Visit& visit, const ItemSource& source);
    [[nodiscard]] std::optional<wsman::Fault> over_quota(const Visit& visit) const;

    const std::size_t most_;
    mutable std::mutex mutex_;
    // Outstanding: how many, and the sources of those that begin an enumeration, which live as long.
    struct Requests {
        unsigned count = 0;
        std::vector<const ItemSource*> beginning = {};
    };
    std::map<std::string, Requests, std::less<>> requests_;  // By user.
    Enumerations enumerations_;
};

}  // namespace mullion::service
