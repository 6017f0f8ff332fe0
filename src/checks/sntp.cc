#include "checks/sntp.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>

namespace mullion::checks {
namespace {

// RFC 5905 7.3: the header, without extensions.
constexpr std::size_t header = 48;
constexpr std::size_t originate_at = 24, receive_at = 32, transmit_at = 40;
constexpr unsigned version = 4, client_mode = 3, server_mode = 4;
constexpr unsigned not_set = 3;        // Leap indicator: the clock is not synchronized.
constexpr unsigned most_stratum = 15;  // 16 is not synchronized; 0 is a kiss of death.

// 32 bits of seconds since 1900, which begin anew in 2036, and 32 of a fraction.
using Stamp = std::uint64_t;
constexpr std::int64_t from_1900 = 2'208'988'800;

Stamp stamp_at(std::string_view packet, std::size_t at) {
    Stamp stamp = 0;
    for (std::size_t i = 0; i < 8; ++i) stamp = stamp << 8 | static_cast<unsigned char>(packet[at + i]);
    return stamp;
}

Stamp stamp_of(WallTime time) {
    using std::chrono::duration_cast, std::chrono::nanoseconds;
    const auto since = duration_cast<nanoseconds>(time.time_since_epoch()).count();
    constexpr std::int64_t second = 1'000'000'000;
    const auto seconds = since >= 0 ? since / second : (since - second + 1) / second;
    const auto rest = static_cast<std::uint64_t>(since - seconds * second);
    return static_cast<Stamp>(seconds + from_1900) << 32 | (rest << 32) / second;
}

// How far `later` is behind `earlier`: right for any two times less than 68 years apart, whatever their eras
// (RFC 5905 6).
std::int64_t distance(Stamp later, Stamp earlier) {
    return static_cast<std::int64_t>(later - earlier);
}

std::chrono::microseconds microseconds_of(std::int64_t distance) {
    // In two steps: 64 bits are too few for the product.
    const auto seconds = distance >> 32;
    const auto fraction = static_cast<std::uint64_t>(distance) & 0xFFFF'FFFFU;
    return std::chrono::microseconds(seconds * 1'000'000 +
                                     static_cast<std::int64_t>((fraction * 1'000'000) >> 32));
}

Error refused(std::string why) {
    return {ErrorId::usage_invalid, std::move(why)};
}

// RFC 5905 7.4: four letters that say why nobody is to ask.
std::string kiss(std::string_view packet) {
    std::string code;
    for (const char c : packet.substr(12, 4))
        if (std::isalnum(static_cast<unsigned char>(c)) != 0) code += c;
    return code;
}

}  // namespace

SntpQuestion::SntpQuestion(Random& random, WallTime now) : packet_(header, '\0'), sent_(now) {
    packet_[0] = static_cast<char>(version << 3 | client_mode);
    std::array<std::uint8_t, 8> stamp{};
    // Zeros are what a server sends that saw no stamp.
    while (std::all_of(stamp.begin(), stamp.end(), [](auto byte) { return byte == 0; })) random.fill(stamp);
    std::copy(stamp.begin(), stamp.end(), packet_.begin() + transmit_at);
}

bool SntpQuestion::is_answered_by(std::string_view packet) const {
    if (packet.size() < header) return false;
    const auto first = static_cast<unsigned char>(packet[0]);
    const unsigned spoken = first >> 3 & 7;
    return (first & 7) == server_mode && spoken >= 1 && spoken <= version &&
           stamp_at(packet, originate_at) == stamp_at(packet_, transmit_at);
}

Result<ServerTime> SntpQuestion::read(std::string_view packet, WallTime now) const {
    if (!is_answered_by(packet)) return refused("what came is no answer of a time server");
    const unsigned stratum = static_cast<unsigned char>(packet[1]);
    if (stratum == 0)
        return refused(fmt::format("the time server does not want to be asked: {}", kiss(packet)));
    const unsigned leap = static_cast<unsigned char>(packet[0]) >> 6;
    const auto received = stamp_at(packet, receive_at), sent = stamp_at(packet, transmit_at);
    if (leap == not_set || stratum > most_stratum || received == 0 || sent == 0)
        return refused("the time server's own clock is not set");
    const auto left = stamp_of(sent_), back = stamp_of(now);
    ServerTime time;
    // ((T2 - T1) + (T3 - T4)) / 2, with halves first so that nothing runs over.
    time.offset = microseconds_of(distance(received, left) / 2 + distance(sent, back) / 2);
    const auto here = std::chrono::floor<std::chrono::microseconds>(now.time_since_epoch());
    time.sent = here + microseconds_of(distance(sent, back));
    return time;
}

}  // namespace mullion::checks
