// What a host's script tells: whatever the bytes and however they are cut, the same report, within its
// limits.
#include <string_view>

#include "check.h"
#include "prepare/report.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mullion::prepare;
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const ReportLimits limits{.line = 256, .steps = 16};
    ReportReader whole(limits), pieces(limits);
    (void)whole.read_piece(text);
    const std::size_t step = data[0] % 16 + 1U;
    for (std::size_t at = 0; at < text.size(); at += step) (void)pieces.read_piece(text.substr(at, step));
    const auto& report = whole.report();
    FUZZ_CHECK(report.steps.size() <= limits.steps);
    FUZZ_CHECK(report.steps.size() == pieces.report().steps.size());
    FUZZ_CHECK(report.code == pieces.report().code);
    FUZZ_CHECK(report.mode == pieces.report().mode);
    for (const auto& one : report.steps) FUZZ_CHECK(!one.id.empty() && one.detail.size() <= 3 * limits.line);
    return 0;
}
