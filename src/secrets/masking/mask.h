// One stream on its way out of the process, with what is secret left out.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "secrets/masking/patterns.h"

namespace mullion::secrets {

// In the place of each secret, whatever its length (Harness's own).
inline constexpr std::string_view mask_text = "**************";

// In pieces of any size; what comes out does not depend on how the stream was cut. Held back is only an end
// that may be the beginning of a secret. Secrets that overlap are one mask.
class Mask {
public:
    Mask() = default;  // Nothing is secret yet: all goes through.
    explicit Mask(std::shared_ptr<const Patterns> patterns) : patterns_(std::move(patterns)) {}
    Mask(const Mask&) = delete;
    Mask& operator=(const Mask&) = delete;
    Mask(Mask&&) = default;
    Mask& operator=(Mask&&) = default;
    ~Mask() { wipe(held_); }

    // From here on these: what is held back is looked at again. The same ones cost nothing.
    void look_for(std::shared_ptr<const Patterns> patterns);
    [[nodiscard]] std::string add(std::string_view output);
    // The stream has ended, or waits for somebody who has to see all of it.
    [[nodiscard]] std::string flush();

    [[nodiscard]] std::size_t held() const { return held_.size(); }

private:
    struct Found {
        std::size_t begin, end;
    };
    void scan(std::string_view bytes);
    void found(std::size_t begin, std::size_t end);
    [[nodiscard]] std::string give_out(std::size_t size);

    std::shared_ptr<const Patterns> patterns_;
    Patterns::Place place_;
    std::string held_;          // Read, and not given out.
    std::size_t masked_ = 0;    // So much at its front belongs to a secret whose mask was given out.
    std::vector<Found> found_;  // In held_, behind that; none overlap, in their order.
};

// A text as a whole. Null: as it is.
[[nodiscard]] std::string masked(const std::shared_ptr<const Patterns>& patterns, std::string text);

}  // namespace mullion::secrets
