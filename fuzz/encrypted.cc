// multipart/encrypted: the first line is the Content-Type, the rest the body. What is read, written again,
// reads the same; and what is written with these bytes in it comes back.
#include <algorithm>
#include <cstdint>

#include "check.h"
#include "http/encrypted.h"

using namespace mullion::http;

namespace {

constexpr std::size_t limit = 512'000;

void check_round_trip(const EncryptedBody& body) {
    const auto written = write_encrypted({&body, 1});
    const auto read = read_encrypted(encrypted_content_type(body.protocol), written, limit * 2);
    FUZZ_CHECK(read.ok() && read->size() == 1);
    const auto& same = read->front();
    FUZZ_CHECK(same.protocol == body.protocol && same.original_type == body.original_type);
    FUZZ_CHECK(same.original_length == body.original_length);
    FUZZ_CHECK(same.signature == body.signature && same.sealed == body.sealed);
}

bool is_within(std::string_view part, std::string_view whole) {
    return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto end = std::min(input.find('\n'), input.size());
    const auto body = input.substr(std::min(end + 1, input.size()));
    if (const auto read = read_encrypted(input.substr(0, end), body, limit)) {
        FUZZ_CHECK(is_encrypted(input.substr(0, end)));
        std::size_t length = 0;
        for (const auto& chunk : *read) {
            length += chunk.original_length;
            FUZZ_CHECK(is_within(chunk.signature, body) && is_within(chunk.sealed, body));
            // A header line may be as long as the framing may be; ours is a little longer than the shortest
            // spelling.
            if (chunk.original_type.size() < 3000) check_round_trip(chunk);
        }
        FUZZ_CHECK(!read->empty() && length <= limit);
    }
    const std::size_t split = size == 0 ? 0 : std::min<std::size_t>(data[0], size);
    check_round_trip({std::string(credssp_encrypted), "application/soap+xml;charset=UTF-16", size,
                      input.substr(0, split), input.substr(split)});
    return 0;
}
