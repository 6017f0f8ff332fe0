// Ctrl-C, SIGTERM and the terminal's end (SIGHUP): the first asks for an orderly end, the second ends the
// process; a second SIGHUP does not.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

namespace mullion::cli {

// Must be made before any other thread, which inherits that these signals are not for it.
class Interrupts {
public:
    Interrupts();
    ~Interrupts();
    Interrupts(const Interrupts&) = delete;
    Interrupts& operator=(const Interrupts&) = delete;

    // Called on a thread of its own at the first signal; at once when that has come already.
    void on_first(std::function<void()> action);
    // The first signal's number, in on_first's function; 0 before.
    [[nodiscard]] int first() const { return first_; }
    // Called there at the second one, before the process ends. It must not wait for anybody.
    void on_second(std::function<void()> action);

private:
    void watch();

    int signals_ = -1;
    int over_ = -1;
    std::mutex mutex_;
    bool came_ = false;
    std::atomic<int> first_ = 0;
    std::function<void()> action_, last_;
    std::thread thread_;
};

}  // namespace mullion::cli
