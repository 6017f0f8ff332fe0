// A request that is on a shell: counts against the user's quota and keeps the shell from being idle.
#pragma once

#include "service/shells/shells.h"

namespace mullion::service {

class Shells::Operation {
public:
    Operation(Shells& shells, Operations::Place place, std::shared_ptr<Shell> shell)
        : shells_(&shells), place_(std::move(place)), shell_(std::move(shell)) {
        ++shell_->in_use;
        shell_->last_used = shells_->clock_.now();
    }
    Operation(Operation&& other) noexcept
        : shells_(std::exchange(other.shells_, nullptr)),
          place_(std::move(other.place_)),
          shell_(std::move(other.shell_)) {}
    Operation& operator=(Operation&&) = delete;
    ~Operation() {
        if (!shells_) return;
        --shell_->in_use;
        shell_->last_used = shells_->clock_.now();
    }

    [[nodiscard]] const std::shared_ptr<Shell>& shell() const { return shell_; }

private:
    Shells* shells_;
    Operations::Place place_;
    std::shared_ptr<Shell> shell_;
};

}  // namespace mullion::service
