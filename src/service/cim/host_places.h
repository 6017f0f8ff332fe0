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
    // Bytes of questions that nobody has read yet, and of answers of which a part is still to come.
    std::size_t bytes = std::size_t{128} << 20;
    std::size_t bytes_of_one = std::size_t{64} << 20;
    std::size_t spared = std::size_t{1} << 20;  // Of one, whatever all others have.
};

// Whether something has room within the limits.
enum class Room { enough, user_has_too_much, all_have_too_much };

class HostPlaces : public std::enable_shared_from_this<HostPlaces> {
public:
    HostPlaces(net::Executor executor, const HostLimits& limits)
        : limits_(limits), changed_(std::move(executor)) {}

    // From now on.
    void set_limits(const HostLimits& limits) { limits_ = limits; }
    [[nodiscard]] const HostLimits& limits() const { return limits_; }

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
        // It holds so many bytes from now on. Not enough room: it has to end.
        [[nodiscard]] Room weigh(std::size_t bytes);

    private:
        std::shared_ptr<HostPlaces> all_;
        std::string user_;
        std::size_t bytes_ = 0;
    };

    [[nodiscard]] std::size_t all() const { return count_; }
    [[nodiscard]] std::size_t of(const std::string& user) const;
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

    // Nobody is let in any more, and who is there is stopped.
    void close();
    // Then: true when all were gone in time.
    [[nodiscard]] net::Task<bool> empty(MonotonicTime until);
    [[nodiscard]] bool closed() const { return closed_; }

private:
    struct Share {
        std::size_t count = 0;
        std::size_t bytes = 0;
    };

    HostLimits limits_;
    std::size_t count_ = 0;
    std::size_t bytes_ = 0;
    std::map<std::string, Share> by_user_;
    std::set<Stoppable*> there_;
    bool closed_ = false;
    Notifier changed_;
};

}  // namespace mullion::service
