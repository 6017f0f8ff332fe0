// Frames into a pipe, many at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include "cimhost/frames.h"

namespace mullion::cimhost {

class BlockWriter final : public Frames {
public:
    using Clock = std::function<std::chrono::steady_clock::time_point()>;
    // Blocks while nobody reads: that is the flow control. The descriptor stays the caller's.
    explicit BlockWriter(int descriptor, Clock clock = std::chrono::steady_clock::now);

    [[nodiscard]] bool item(std::string_view xml) override;
    [[nodiscard]] bool go_on() override;
    void last(const cim::FromHost& frame) override;

    [[nodiscard]] bool broken() const { return broken_; }  // Nobody reads.
    [[nodiscard]] bool ended() const { return ended_; }    // The last frame was written.

private:
    bool flush();

    int descriptor_;
    Clock clock_;
    std::chrono::steady_clock::time_point flushed_;
    std::string waiting_;  // Whole frames.
    bool broken_ = false, ended_ = false;
};

}  // namespace mullion::cimhost
