// So many of a name at a time, and the others one after another. Lives on one executor.
#pragma once

#include <list>
#include <map>
#include <string>

#include "core/clock.h"
#include "net/task.h"
#include "service/notifier.h"

namespace mullion::service {

class Turns {
public:
    Turns(net::Executor executor, unsigned most_of_one)
        : executor_(std::move(executor)), most_(most_of_one) {}
    Turns(const Turns&) = delete;
    Turns& operator=(const Turns&) = delete;

    // False: it did not come in time, or everybody was sent away. True: end() is owed.
    [[nodiscard]] net::Task<bool> take(std::string name, MonotonicTime until);
    void end(const std::string& name);
    // For good: nobody waits any more.
    void send_away();

private:
    struct Waiter;
    struct Name {
        unsigned taken = 0;
        std::list<Waiter*> waiting;
    };
    net::Executor executor_;
    const unsigned most_;
    bool over_ = false;
    std::map<std::string, Name> names_;  // Of whom somebody has a turn or waits.
};

}  // namespace mullion::service
