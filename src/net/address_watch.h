// Told when addresses or network cards of this machine come, change or go: rtnetlink(7).
#pragma once

#include <memory>

#include "net/socket.h"
#include "net/task.h"

namespace mullion::net {

class AddressWatch {
public:
    // Errors: serve.listen
    [[nodiscard]] static Result<std::unique_ptr<AddressWatch>> make(const Executor& executor);

    // Until something changed; what, is asked of the machine itself. Many changes at once are one. Errors:
    // serve.listen (closed, or it cannot go on)
    [[nodiscard]] Task<Result<void>> next();
    void close() { socket_.close(); }

private:
    AddressWatch(const Executor& executor, int descriptor) : socket_(executor, descriptor) {}
    [[nodiscard]] Result<bool> take_what_is_there();

    Socket socket_;
};

}  // namespace mullion::net
