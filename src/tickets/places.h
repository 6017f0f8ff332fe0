// So many at a time; the others wait in their order, each until its own deadline.
#pragma once

#include <deque>
#include <memory>
#include <mutex>

#include "tickets/outcome.h"

namespace mullion::tickets {

class Places {
public:
    explicit Places(unsigned most) : free_(most) {}

    // One's place, or its place in the queue; given up when it is destroyed.
    class Place {
    public:
        explicit Place(std::shared_ptr<Places> places);
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        ~Place();
        // False: the deadline came first.
        [[nodiscard]] net::Task<bool> wait(net::Executor executor, MonotonicTime deadline);

    private:
        std::shared_ptr<Places> places_;
        std::shared_ptr<Outcome<bool>> turn_;
    };

private:
    void ask(const std::shared_ptr<Outcome<bool>>& turn);
    void leave(const std::shared_ptr<Outcome<bool>>& turn);

    std::mutex mutex_;
    unsigned free_;
    std::deque<std::shared_ptr<Outcome<bool>>> queue_;
};

}  // namespace mullion::tickets
