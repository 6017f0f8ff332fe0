// The client's side of a connection on which the kernel says who it is: nothing is shown and nothing is asked
// for.
#pragma once

#include <memory>

#include "auth/mechanism.h"

namespace mullion::auth {

[[nodiscard]] std::unique_ptr<Initiator> make_local_initiator();

}  // namespace mullion::auth
