// A name server that does not answer, for the whole test program: getaddrinfo hangs for names under
// ".hangs.test" until they are released; "NAME.counted.test" is 127.0.0.1. Every other name is the system's.
#pragma once

#include <string>

namespace mullion::net::testing {

class HangingNames {
public:
    HangingNames();
    ~HangingNames();  // Releases them all.
    HangingNames(const HangingNames&) = delete;
    HangingNames& operator=(const HangingNames&) = delete;

    // How many hang now; waits until there are so many.
    void await_hanging(int count);
    void release();  // Each ends with "no such name".
    [[nodiscard]] int asked_for(const std::string& name) const;
};

}  // namespace mullion::net::testing
