// Numbers as NTLM writes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mullion::ntlm {

// The caller has looked at the size.
[[nodiscard]] inline std::uint16_t u16(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[at]) |
                                      static_cast<unsigned char>(bytes[at + 1]) << 8);
}
[[nodiscard]] inline std::uint32_t u32(std::string_view bytes, std::size_t at) {
    return u16(bytes, at) | static_cast<std::uint32_t>(u16(bytes, at + 2)) << 16;
}
[[nodiscard]] inline std::uint64_t u64(std::string_view bytes, std::size_t at) {
    return u32(bytes, at) | static_cast<std::uint64_t>(u32(bytes, at + 4)) << 32;
}

inline void append_u16(std::string& out, std::uint16_t value) {
    out += static_cast<char>(value & 0xff);
    out += static_cast<char>(value >> 8);
}
inline void append_u32(std::string& out, std::uint32_t value) {
    append_u16(out, static_cast<std::uint16_t>(value & 0xffff));
    append_u16(out, static_cast<std::uint16_t>(value >> 16));
}
inline void append_u64(std::string& out, std::uint64_t value) {
    append_u32(out, static_cast<std::uint32_t>(value & 0xffffffff));
    append_u32(out, static_cast<std::uint32_t>(value >> 32));
}

}  // namespace mullion::ntlm
