// How far a kind of characters goes on from the front of a text: where the reader's time goes. Of any Block
// of encoding/sixteen_bytes.h, so that tests see both kinds. Internal to the room; what others ask is in
// characters.h.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "encoding/sixteen_bytes.h"

namespace mullion::xml::runs {

using encoding::block_size;

[[nodiscard]] inline std::size_t first_of(std::uint32_t mask) {
    return static_cast<std::size_t>(std::countr_zero(mask));
}

// Printable ASCII (0x7F counts). Base64 is nothing else, so it takes two blocks at a time. May stop up to a
// block early.
template <class Block>
[[nodiscard]] std::size_t printable(std::string_view bytes) {
    std::size_t at = 0;
    for (; at + 2 * block_size <= bytes.size(); at += 2 * block_size) {
        const Block first(bytes.data() + at);
        const Block second(bytes.data() + at + block_size);
        if ((first.unprintable() | second.unprintable()).mask() != 0) break;
    }
    if (at + block_size <= bytes.size() && Block(bytes.data() + at).unprintable().mask() == 0)
        at += block_size;
    return at;
}

[[nodiscard]] inline bool is_plain_byte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x80 && c != '"' && c != '&' && c != '<' && c != '>';
}

template <class Block>
[[nodiscard]] auto not_plain(const Block& block) {
    // '<' and '>' differ in one bit, and so do '"' and '&'.
    return (block.unprintable() | block.with(0x02).equal('>') | block.with(0x04).equal('&')).mask();
}

// As characters.h says of plain_run().
template <class Block>
[[nodiscard]] std::size_t plain(std::string_view bytes) {
    std::size_t at = 0;
    for (; at + block_size <= bytes.size(); at += block_size)
        if (const auto found = not_plain(Block(bytes.data() + at))) return at + first_of(found);
    // The last few together with some that were seen already.
    if (at == bytes.size()) return at;
    if (at > 0) {
        if (not_plain(Block(bytes.data() + bytes.size() - block_size)) == 0) return bytes.size();
    } else if (bytes.size() >= 8) {
        if (not_plain(encoding::SixteenInWords::all_of(bytes.data(), bytes.size())) == 0) return bytes.size();
    }
    while (at < bytes.size() && is_plain_byte(bytes[at])) ++at;
    return at;
}

// Text of an element, from the front to the next "<" or the end.
struct Text {
    std::size_t length = 0;
    bool ended = false;      // By a "<".
    bool reference = false;  // There is a "&" in it,
    bool line_end = false;   // a carriage return,
    bool angle = false;      // a ">".
};

template <class Block>
[[nodiscard]] Text text(std::string_view bytes) {
    Text run;
    std::size_t at = 0;
    for (; at + block_size <= bytes.size(); at += block_size) {
        const Block block(bytes.data() + at);
        const auto references = block.equal('&');
        const auto line_ends = block.equal('\r');
        if ((block.with(0x02).equal('>') | references | line_ends).mask() == 0) continue;
        const auto ends = block.equal('<').mask();
        const auto before = ends != 0 ? (ends & -ends) - 1 : encoding::whole_mask;
        run.reference |= (references.mask() & before) != 0;
        run.line_end |= (line_ends.mask() & before) != 0;
        run.angle |= (block.equal('>').mask() & before) != 0;
        if (ends == 0) continue;
        run.length = at + first_of(ends);
        run.ended = true;
        return run;
    }
    for (; at < bytes.size() && bytes[at] != '<'; ++at) {
        run.reference |= bytes[at] == '&';
        run.line_end |= bytes[at] == '\r';
        run.angle |= bytes[at] == '>';
    }
    run.length = at;
    run.ended = at < bytes.size();
    return run;
}

// Name characters that are ASCII, colons among them, as long as there are no more than fit into `colons`.
struct Name {
    std::size_t length = 0;
    std::uint64_t colons = 0;  // A bit for each.
    bool ended = false;        // By a character of ASCII that is of no name.
};
inline constexpr std::size_t longest_name = 64;

template <class Block>
[[nodiscard]] Name name(std::string_view bytes) {
    Name run;
    for (std::size_t at = 0; at < longest_name && at + block_size <= bytes.size(); at += block_size) {
        const Block block(bytes.data() + at);
        const auto letters = block.with(0x20).within('a', 'z') | block.equal('_');
        const auto others = block.within('-', '.') | block.within('0', ':');
        const auto ends = ~(letters | others).mask() & encoding::whole_mask;
        run.colons |= std::uint64_t{block.equal(':').mask()} << at;
        run.length = at + block_size;
        if (ends == 0) continue;
        run.length = at + first_of(ends);
        run.colons &= (std::uint64_t{1} << run.length) - 1;
        run.ended = static_cast<unsigned char>(bytes[run.length]) < 0x80;
        break;
    }
    return run;
}

}  // namespace mullion::xml::runs
