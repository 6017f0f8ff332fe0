// The time of a time server: SNTP's one question and its answer (RFC 4330, RFC 5905 14). No I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/ids.h"
#include "core/result.h"

namespace mullion::checks {

inline constexpr std::uint16_t sntp_port = 123;

struct ServerTime {
    std::chrono::microseconds sent{0};    // When the server sent its answer, by its clock, since 1970.
    std::chrono::microseconds offset{0};  // Its clock minus ours, with half of the way taken into account.
};

// One question. The stamp by which an answer is known is drawn at random: it says nothing of our clock, and
// who did not see the question cannot answer it.
class SntpQuestion {
public:
    SntpQuestion(Random& random, WallTime now);

    [[nodiscard]] const std::string& packet() const { return packet_; }
    // Whether this is meant to be the answer to this question: a packet of the protocol with our stamp.
    [[nodiscard]] bool is_answered_by(std::string_view packet) const;
    // `now`: when it arrived. Errors: usage.invalid with the reason: the server's clock is not set, or it
    // does not want to be asked; or the packet is no such answer.
    [[nodiscard]] Result<ServerTime> read(std::string_view packet, WallTime now) const;

private:
    std::string packet_;
    WallTime sent_;
};

}  // namespace mullion::checks
