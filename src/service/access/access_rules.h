// Whose descriptor a resource has: that of Security which matches it, or RootSDDL.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "rights/descriptor.h"
#include "state/security.h"

namespace mullion::service {

class AccessRules {
public:
    static constexpr std::string_view root_name = "RootSDDL";

    // As on Windows: administrators may everything, others nothing.
    AccessRules();
    // Errors: config.invalid
    [[nodiscard]] static Result<AccessRules> make(std::string_view root_sddl,
                                                  const std::vector<state::SecurityEntry>& security);

    struct Chosen {
        const rights::Descriptor& descriptor;
        std::string_view name;  // root_name, or the URI that was matched.
    };
    // An exact match goes before the longest beginning; letters in either case.
    [[nodiscard]] Chosen of(std::string_view resource) const;

private:
    struct Entry {
        std::string uri;
        rights::Descriptor descriptor;
        bool exact = false;
    };
    rights::Descriptor root_;
    std::vector<Entry> entries_;
};

// Those in force: a request keeps the ones that it began with.
class AccessRulesHolder {
public:
    [[nodiscard]] std::shared_ptr<const AccessRules> get() const {
        const std::lock_guard lock(mutex_);
        return current_;
    }
    void set(AccessRules rules) {
        auto next = std::make_shared<const AccessRules>(std::move(rules));
        const std::lock_guard lock(mutex_);
        current_ = std::move(next);
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const AccessRules> current_ = std::make_shared<const AccessRules>();
};

}  // namespace mullion::service
