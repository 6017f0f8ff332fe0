// Signals that would end or stop the process while it has changed something that outlives it, such as a
// terminal without echo.
#pragma once

#include <csignal>

#include "os/file.h"

namespace mullion::os {

// They are held back and polled for, so that one that comes just before a read is seen too; at the end it is
// raised again, and has its usual effect. One that is blocked already is somebody else's and stays so. For
// the calling thread: others must not take them meanwhile.
class HeldSignals {
public:
    HeldSignals();
    HeldSignals(const HeldSignals&) = delete;
    HeldSignals& operator=(const HeldSignals&) = delete;
    ~HeldSignals();

    [[nodiscard]] int descriptor() const { return arrivals_.get(); }  // Readable when one came.
    void take();                                                      // Once that is so.
    [[nodiscard]] bool arrived() const { return arrived_ != 0; }

private:
    sigset_t before_{};
    UniqueFd arrivals_;
    int arrived_ = 0;
};

}  // namespace mullion::os
