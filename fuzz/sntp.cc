// Answers of time servers: what is taken for one tells of a time that fits the question.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "check.h"
#include "checks/sntp.h"

using namespace mullion;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    CountingRandom random;
    const WallTime now(std::chrono::seconds(1'773'144'000));
    const checks::SntpQuestion question(random, now);
    const std::string_view packet(reinterpret_cast<const char*>(data), size);
    const auto time = question.read(packet, now);
    FUZZ_CHECK(!time.ok() || question.is_answered_by(packet));
    // 68 years at most, in either direction.
    if (time.ok()) FUZZ_CHECK(std::chrono::abs(time->offset) <= std::chrono::seconds(1LL << 31));
    return 0;
}
