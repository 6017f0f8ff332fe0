// How those who come in by one address and port are met. From any thread.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "net/tls.h"
#include "state/settings.h"

namespace mullion::service {

class Doorway {
public:
    struct Way {
        state::ListenerSettings listener;
        std::shared_ptr<const net::TlsServer> tls;  // Null: HTTP.
        std::string thumbprint;                     // Of its certificate.
        std::string public_file;                    // Alike.
    };
    explicit Doorway(Way way) : way_(std::make_shared<const Way>(std::move(way))) {}

    [[nodiscard]] std::shared_ptr<const Way> way() const {
        const std::lock_guard lock(mutex_);
        return way_;
    }
    [[nodiscard]] bool open() const {
        const std::lock_guard lock(mutex_);
        return open_;
    }
    void set(Way way) {
        auto next = std::make_shared<const Way>(std::move(way));
        const std::lock_guard lock(mutex_);
        way_ = std::move(next);
    }
    void close() {
        const std::lock_guard lock(mutex_);
        open_ = false;
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const Way> way_;
    bool open_ = true;
};

}  // namespace mullion::service
