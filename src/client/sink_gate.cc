#include "client/sink_gate.h"

#include <boost/asio/post.hpp>

namespace mullion::client {

std::function<void()> SinkGate::opener() {
    return [self = shared_from_this()] { self->open(); };
}

void SinkGate::open() {
    const std::lock_guard lock(mutex_);
    if (abandoned_) return;
    boost::asio::post(executor_, [self = shared_from_this()] { self->opened_.ring(); });
}

void SinkGate::abandon() {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
}

}  // namespace mullion::client
