// The settings in force. A request keeps the ones that it began with; a reload puts new ones in their place.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "state/settings.h"

namespace mullion::service {

class SettingsHolder {
public:
    explicit SettingsHolder(state::Settings settings)
        : current_(std::make_shared<const state::Settings>(settings)) {}

    [[nodiscard]] std::shared_ptr<const state::Settings> get() const {
        const std::lock_guard lock(mutex_);
        return current_;
    }
    void set(state::Settings settings) {
        auto next = std::make_shared<const state::Settings>(settings);
        const std::lock_guard lock(mutex_);
        current_ = std::move(next);
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const state::Settings> current_;
};

}  // namespace mullion::service
