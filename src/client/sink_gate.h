// Shut while an OutputSink has enough: the next Receive waits for it.
#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "client/time.h"

namespace mullion::client {

class SinkGate : public std::enable_shared_from_this<SinkGate> {
public:
    explicit SinkGate(net::Executor executor) : executor_(std::move(executor)) {}

    // For the sink: opens the gate from any thread; does nothing once nobody waits for it any more.
    [[nodiscard]] std::function<void()> opener();
    // Rings on the I/O thread.
    [[nodiscard]] Alarm& opened() { return opened_; }
    // Whoever waited is gone. The sink may still hold the opener, longer than the I/O thread lives.
    void abandon();

private:
    void open();

    net::Executor executor_;
    Alarm opened_;
    std::mutex mutex_;
    bool abandoned_ = false;
};

}  // namespace mullion::client
