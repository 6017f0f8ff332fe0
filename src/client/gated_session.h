// Sessions whose log-ons somebody allows one by one: who watches over an account that too many wrong
// passwords lock out. Public, as client.h is.
#pragma once

#include <functional>
#include <memory>

#include "client/client.h"

namespace mullion::client {

// Asked before each log-on of a session, the first one and those of its later connections, on its I/O thread,
// which it must not block. `answer` is called once, from any thread, and may be called long after nobody
// waits for it any more. An error keeps the session from logging on, and is what the question fails with.
// A session's clean-up goes on when the session is gone, and may log on as well: what a gate refers to lives
// until the Runtime has ended.
using LogonGate = std::function<void(std::function<void(Result<void>)> answer)>;

// Errors: those of Session::make
[[nodiscard]] Result<std::unique_ptr<Session>> make_gated_session(Runtime& runtime, target::Target target,
                                                                  auth::Credential credential,
                                                                  LogonGate gate);

}  // namespace mullion::client
