// A change whose answer was lost: nobody but the host knows whether it was done.
#pragma once

#include <string>

#include "core/error.h"

namespace mullion::client {

// "the connection was refused: connect to …": an error without its host and step.
[[nodiscard]] std::string in_words(const Error& error);

// What is told of a change that went out and was not answered: it may have been done, and the advice to try
// again, which `why` may have, is not given. Host and step stay, and so do the ids that say as much
// themselves (run.interrupted, run.timeout, wsman.timeout).
[[nodiscard]] Error in_doubt(Error why);

}  // namespace mullion::client
