// Tells whoever works on a request that its client has gone meanwhile. Used from the connection's thread and
// from that of the work.
#pragma once

#include <functional>
#include <mutex>
#include <utility>

namespace mullion::channel {

class Departure {
public:
    [[nodiscard]] bool happened() const {
        const std::lock_guard lock(mutex_);
        return happened_;
    }
    // `then` is called once, where the client leaves after this; on the connection's thread.
    void when(std::function<void()> then) {
        const std::lock_guard lock(mutex_);
        then_ = std::move(then);
    }
    void happen() {
        std::function<void()> then;
        {
            const std::lock_guard lock(mutex_);
            happened_ = true;
            then = std::exchange(then_, nullptr);
        }
        if (then) then();
    }

private:
    mutable std::mutex mutex_;
    bool happened_ = false;
    std::function<void()> then_;
};

}  // namespace mullion::channel
