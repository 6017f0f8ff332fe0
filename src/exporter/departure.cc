#include "exporter/departure.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>

#include <utility>

namespace mullion::exporter {

// A descriptor of its own, so that waiting for it and the connection's own waiting do not meet.
struct Departure::Eye {
    Eye(boost::asio::io_context& io, int descriptor) : socket(io, descriptor) {}
    boost::asio::posix::stream_descriptor socket;
};

namespace {

// The other side has closed its end, or all of it. What it sent before may be there still. poll(2)
bool has_left(int descriptor) {
    pollfd look{descriptor, POLLRDHUP, 0};
    return ::poll(&look, 1, 0) == 1 && (look.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

}  // namespace

Departure::~Departure() = default;

std::shared_ptr<Departure> Departure::watch(boost::asio::io_context& io, int descriptor) {
    std::shared_ptr<Departure> departure(new Departure());
    const int own = descriptor < 0 ? -1 : ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (own < 0) return departure;
    departure->eye_ = std::make_unique<Eye>(io, own);
    departure->look();
    return departure;
}

void Departure::look() {
    const auto seen = [self = weak_from_this()](const boost::system::error_code& problem) {
        const auto here = self.lock();
        if (!here || !here->eye_ || problem) return;
        // Readable and not left: the next request is there already. Then nothing more can be seen.
        if (!has_left(here->eye_->socket.native_handle())) return here->end();
        here->gone_ = true;
        here->end();
        if (const auto act = std::exchange(here->act_, nullptr)) act();
    };
    eye_->socket.async_wait(boost::asio::posix::stream_descriptor::wait_read, seen);
}

void Departure::then(std::function<void()> act) {
    act_ = std::move(act);
    if (!gone_ || !act_) return;
    std::exchange(act_, nullptr)();
}

void Departure::end() {
    eye_.reset();
}

}  // namespace mullion::exporter
