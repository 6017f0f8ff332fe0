// What the service reads from a process of a caller's. What is accepted must be written back byte by byte,
// in one piece and in two.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "check.h"
#include "cim/machine.h"
#include "cim/messages.h"

namespace {

using namespace mullion::cim;

std::vector<FromHost> frames_of(std::string_view bytes, std::size_t first) {
    FrameReader reader;
    std::vector<FromHost> frames;
    for (const auto piece : {bytes.substr(0, first), bytes.substr(first)}) {
        reader.feed(piece);
        while (auto frame = reader.next()) frames.push_back(std::move(*frame));
    }
    FUZZ_CHECK(!reader.broken() || !reader.at_boundary());
    return frames;
}

// A text that the writer would have shown otherwise comes back with it in letters, and longer.
bool has_plain_texts(const FromHost& frame) {
    const auto* failure = std::get_if<Failure>(&frame);
    return failure == nullptr || (readable(failure->message) == failure->message &&
                                  readable(failure->provider) == failure->provider);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto ask = decode_ask(bytes);
    if (ask) FUZZ_CHECK(encode(*ask) == bytes);
    const auto frames = frames_of(bytes, size / 2);
    FUZZ_CHECK(frames == frames_of(bytes, 0));
    FUZZ_CHECK(!ask || frames.empty());  // No message means something in both directions.
    std::string written;
    for (const auto& frame : frames) {
        if (!has_plain_texts(frame)) return 0;
        append(written, frame);
    }
    FUZZ_CHECK(bytes.substr(0, written.size()) == written);
    return 0;
}
