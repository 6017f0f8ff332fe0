// Whether who asked is still there. A server that gave up has no use for the answer, and the host none for
// the work.
#pragma once

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>

namespace mullion::exporter {

// While a request is answered. On one thread.
class Departure : public std::enable_shared_from_this<Departure> {
public:
    // Watches the connection behind `descriptor`, which stays its owner's, until end(). Without a descriptor
    // (-1, or none is left) nobody is ever found gone.
    [[nodiscard]] static std::shared_ptr<Departure> watch(boost::asio::io_context& io, int descriptor);
    ~Departure();

    [[nodiscard]] bool gone() const { return gone_; }
    // Called once when they are gone; at once if they are. Another call takes the place of the last; nothing
    // takes it away.
    void then(std::function<void()> act);
    void end();

private:
    struct Eye;
    Departure() = default;
    void look();

    std::unique_ptr<Eye> eye_;
    std::function<void()> act_;
    bool gone_ = false;
};

}  // namespace mullion::exporter
