#include "client/runtime.h"

namespace mullion::client {

Runtime::State::State(unsigned worker_threads)
    : keep_running(io.get_executor()),
      time(io.get_executor()),
      pool(worker_threads),
      thread([this] { io.run(); }) {}

Runtime::State::~State() {
    keep_running.reset();
    thread.join();
}

Runtime::Runtime(RuntimeOptions options) : state_(std::make_unique<State>(options.worker_threads)) {}
Runtime::~Runtime() = default;

}  // namespace mullion::client
