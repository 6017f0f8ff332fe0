// A listening descriptor: the next connection, whatever its family. Not for other rooms.
#pragma once

#include <boost/asio/steady_timer.hpp>

#include "net/address.h"
#include "net/listen.h"
#include "net/socket.h"

namespace mullion::net {

class Accepting {
public:
    Accepting(const Executor& executor, int descriptor) : socket_(executor, descriptor), rest_(executor) {}

    // A descriptor that is the caller's from then on. Errors are of `listener`, which they name, and fatal to
    // it: serve.listen
    [[nodiscard]] Task<Result<int>> next(SocketAddress& from, const Listener& listener);
    // One that waits already; negative: nobody does, or none can be taken now.
    [[nodiscard]] int now(SocketAddress& from);
    void close();
    [[nodiscard]] bool closed() const { return socket_.closed(); }
    [[nodiscard]] int descriptor() const { return socket_.descriptor(); }

private:
    Socket socket_;
    boost::asio::steady_timer rest_;
};

}  // namespace mullion::net
