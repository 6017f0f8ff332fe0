// One look into the inventory at a time, however many ask: whoever comes meanwhile gets what it finds.
#pragma once

#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <vector>

#include "exporter/config.h"
#include "exporter/discovery.h"
#include "net/task.h"
#include "net/worker_pool.h"

namespace mullion::exporter {

// On one thread.
class DiscoveryDesk {
public:
    explicit DiscoveryDesk(net::WorkerPool& workers) : workers_(workers) {}
    using Found = Result<std::shared_ptr<const Discovered>>;
    // `config` has a discovery. Errors: those of discover()
    [[nodiscard]] net::Task<Found> ask(std::shared_ptr<const Config> config);

    // Of the last look: for metrics. Null before the first, and where it failed.
    [[nodiscard]] const Discovered* last() const {
        return last_ && last_->ok() ? last_->value().get() : nullptr;
    }

private:
    net::WorkerPool& workers_;
    bool looking_ = false;
    std::vector<boost::asio::steady_timer*> waiting_;
    std::shared_ptr<const Found> last_;
};

}  // namespace mullion::exporter
