// How many lines of one kind the log gets: it is an operator's to read, and no weapon against his disk.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"

namespace mullion::service {

// So many of an address, and of all together, in ten seconds. The others are counted. Not thread-safe.
class LineLimit {
public:
    static constexpr Duration span{10'000};

    LineLimit(unsigned most_of_address, unsigned most) : most_of_address_(most_of_address), most_(most) {}

    // Whether one more may be written. False: it is counted.
    [[nodiscard]] bool may_write(std::string_view address, MonotonicTime now);
    // Once a span is over in which some were not written: how many. Begins a new one.
    [[nodiscard]] std::optional<unsigned> missed(MonotonicTime now);

private:
    void begin(MonotonicTime now);

    unsigned most_of_address_;
    unsigned most_;
    MonotonicTime since_{};
    unsigned written_ = 0;
    unsigned missed_ = 0;
    std::map<std::string, unsigned, std::less<>> written_of_;  // At most `most`.
};

}  // namespace mullion::service
