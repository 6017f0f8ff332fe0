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
    const auto written = write_encrypted(body);
    const auto read = read_encrypted(encrypted_content_type(body.protocol), written, limit * 2);
    FUZZ_CHECK(read.ok());
    FUZZ_CHECK(read->protocol == body.protocol && read->original_type == body.original_type);
    FUZZ_CHECK(read->original_length == body.original_length);
    FUZZ_CHECK(read->signature == body.signature && read->sealed == body.sealed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto end = std::min(input.find('\n'), input.size());
    const auto body = input.substr(std::min(end + 1, input.size()));
    if (const auto read = read_encrypted(input.substr(0, end), body, limit)) {
        FUZZ_CHECK(read->original_length <= limit && read->sealed.size() <= body.size());
        FUZZ_CHECK(is_encrypted(input.substr(0, end)));
        // A header line may be as long as the framing may be; ours is a little longer than the shortest
        // spelling.
        if (read->original_type.size() < 3000) check_round_trip(*read);
    }
    const std::size_t split = size == 0 ? 0 : std::min<std::size_t>(data[0], size);
    check_round_trip({std::string(credssp_encrypted), "application/soap+xml;charset=UTF-16", size,
                      input.substr(0, split), input.substr(split)});
    return 0;
}
