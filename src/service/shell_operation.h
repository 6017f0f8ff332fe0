// A request that is on a shell: counts against the user's quota and keeps the shell from being idle.
#pragma once

#include "service/shells.h"

namespace mullion::service {

class Shells::Operation {
public:
    Operation(Shells& shells, std::string user, std::shared_ptr<Shell> shell)
        : shells_(&shells), user_(std::move(user)), shell_(std::move(shell)) {
        ++shells_->operations_[user_];
        if (!shell_) return;
        ++shell_->in_use;
        shell_->last_used = shells_->clock_.now();
    }
    Operation(Operation&& other) noexcept
        : shells_(std::exchange(other.shells_, nullptr)),
          user_(std::move(other.user_)),
          shell_(std::move(other.shell_)) {}
    Operation& operator=(Operation&&) = delete;
    ~Operation() {
        if (!shells_) return;
        const auto count = shells_->operations_.find(user_);
        if (--count->second == 0) shells_->operations_.erase(count);
        if (!shell_) return;
        --shell_->in_use;
        shell_->last_used = shells_->clock_.now();
    }

    [[nodiscard]] const std::shared_ptr<Shell>& shell() const { return shell_; }

private:
    Shells* shells_;
    std::string user_;
    std::shared_ptr<Shell> shell_;
};

}  // namespace mullion::service
