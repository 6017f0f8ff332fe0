// How many processes that answer about CIM there may be: of one account, and of all. Those of who has as many
// as he may are not waited for, since they may stay as long as an enumeration is open.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "core/clock.h"
#include "net/task.h"
#include "service/notifier.h"

namespace mullion::service {

struct HostLimits {
    std::size_t all = 256;
    std::size_t of_one = 224;  // Seven eighths.
};

class HostPlaces : public std::enable_shared_from_this<HostPlaces> {
public:
    explicit HostPlaces(net::Executor executor) : changed_(std::move(executor)) {}

    class Stoppable {
    public:
        virtual ~Stoppable() = default;
        virtual void stop() = 0;
    };

    // Counts for as long as it lives.
    class Place {
    public:
        Place(std::shared_ptr<HostPlaces> all, std::string user);
        Place(Place&& other) noexcept = default;
        Place& operator=(Place&&) = delete;
        ~Place();
        // Whom stop_all() stops. He takes himself out.
        void put_in(Stoppable& who) { all_->there_.insert(&who); }
        void take_out(Stoppable& who) { all_->there_.erase(&who); }

    private:
        std::shared_ptr<HostPlaces> all_;
        std::string user_;
    };

    [[nodiscard]] std::size_t all() const { return count_; }
    [[nodiscard]] std::size_t of(const std::string& user) const;

    // Nobody is let in any more, and who is there is stopped.
    void close();
    // Then: true when all were gone in time.
    [[nodiscard]] net::Task<bool> empty(MonotonicTime until);
    [[nodiscard]] bool closed() const { return closed_; }

private:
    std::size_t count_ = 0;
    std::map<std::string, std::size_t> by_user_;
    std::set<Stoppable*> there_;
    bool closed_ = false;
    Notifier changed_;
};

}  // namespace mullion::service
