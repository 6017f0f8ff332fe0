// Where answers go, frame by frame (cim/messages.h): a pipe, or a test's list.
#pragma once

#include <string_view>

#include "cim/messages.h"

namespace mullion::cimhost {

class Frames {
public:
    virtual ~Frames() = default;
    // One item of an enumeration. False: nobody reads any more, and whoever makes items ends at once.
    [[nodiscard]] virtual bool item(std::string_view xml) = 0;
    // Said of every row that is no item: what waits may be sent meanwhile. False as above.
    [[nodiscard]] virtual bool go_on() { return true; }
    // The Answer, the Failure, or the End. Nothing follows.
    virtual void last(const cim::FromHost& frame) = 0;
};

}  // namespace mullion::cimhost
