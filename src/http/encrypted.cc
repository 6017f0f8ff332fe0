#include "http/encrypted.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

#include "http/message.h"
#include "http/syntax.h"

namespace mullion::http {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view our_boundary = "Encrypted Boundary";
constexpr std::string_view sealed_type = "application/octet-stream";
constexpr std::string_view one_chunk = "multipart/encrypted";
constexpr std::string_view many_chunks = "multipart/x-multi-encrypted";

constexpr std::size_t max_boundary = 70;  // RFC 2046 5.1.1
constexpr std::size_t max_part_headers = 16;
constexpr std::size_t max_signature = 1024;  // NTLM 16, Kerberos 60, TLS at most 64.
constexpr std::size_t max_framing = 4096;    // Both parts' headers, delimiters and the signature, once.

Error malformed(std::string_view what) {
    return {ErrorId::http_malformed, fmt::format("sealed message: {}", what)};
}

struct Kind {
    std::string protocol;
    std::string boundary;
    bool many = false;
};

Result<Kind> read_kind(std::string_view content_type) {
    const auto media = parse_media_type(content_type);
    if (!media || (media->type != one_chunk && media->type != many_chunks)) {
        return malformed("its Content-Type is not multipart/encrypted");
    }
    const auto protocol = media->parameter("protocol").value_or("");
    const auto known = {spnego_encrypted, kerberos_encrypted, credssp_encrypted};
    if (std::none_of(known.begin(), known.end(),
                     [&](auto name) { return same_without_case(name, protocol); })) {
        return malformed(fmt::format("unknown protocol \"{}\"", protocol.substr(0, 80)));
    }
    const auto boundary = media->parameter("boundary").value_or("");
    if (boundary.empty() || boundary.size() > max_boundary)
        return malformed("its boundary is missing or too long");
    return Kind{std::string(protocol), std::string(boundary), media->type == many_chunks};
}

// Takes "--boundary" off the front, also with the blank that Exchange writes behind the dashes.
bool take_delimiter(std::string_view& rest, std::string_view boundary) {
    std::string_view ahead = rest;
    if (!ahead.starts_with("--")) return false;
    ahead.remove_prefix(2);
    if (!ahead.starts_with(boundary) && ahead.starts_with(' ')) ahead.remove_prefix(1);
    if (!ahead.starts_with(boundary)) return false;
    ahead.remove_prefix(boundary.size());
    rest = ahead;
    return true;
}

bool take_delimiter_line(std::string_view& rest, std::string_view boundary) {
    std::string_view ahead = rest;
    if (!take_delimiter(ahead, boundary)) return false;
    while (ahead.starts_with(' ') || ahead.starts_with('\t')) ahead.remove_prefix(1);
    if (!ahead.starts_with(line_end)) return false;
    rest = ahead.substr(2);
    return true;
}

struct PartHeader {
    std::string_view name;
    std::string_view value;
};

// One header of a part, with or without the TAB before it.
std::optional<PartHeader> take_header(std::string_view& rest) {
    const auto end = rest.substr(0, max_framing).find(line_end);
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = trim(rest.substr(0, end));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || std::any_of(line.begin(), line.end(), is_control))
        return std::nullopt;
    rest.remove_prefix(end + 2);
    return PartHeader{trim(line.substr(0, colon)), trim(line.substr(colon + 1))};
}

std::optional<std::string_view> after_name(std::string_view text, std::string_view name) {
    if (!same_without_case(text.substr(0, name.size()), name)) return std::nullopt;
    return text.substr(name.size());
}

// "type=application/soap+xml;charset=UTF-8;Length=123". The type's own parameters stand between.
Result<void> read_original_content(std::string_view value, std::size_t limit, EncryptedBody& body) {
    bool has_length = false;
    FieldReader reader(value);
    while (!reader.at_end()) {
        const auto part = trim(reader.until(';'));
        reader.skip(';');
        if (const auto digits = after_name(part, "Length=")) {
            const auto [end, error] = std::from_chars(digits->begin(), digits->end(), body.original_length);
            if (has_length || error != std::errc() || end != digits->end())
                return malformed("its Length is not a number");
            if (body.original_length > limit) {
                return malformed(
                    fmt::format("its Length is {}, the limit is {}", body.original_length, limit));
            }
            has_length = true;
        } else if (const auto type = after_name(part, "type=")) {
            if (!body.original_type.empty() || type->empty())
                return malformed("its original type is not valid");
            body.original_type = *type;
        } else if (!part.empty()) {
            if (body.original_type.empty()) return malformed("its original type is missing");
            body.original_type.append(";").append(part);
        }
    }
    if (!has_length || body.original_type.empty()) return malformed("OriginalContent lacks type or Length");
    return {};
}

// The first part: headers only, up to the delimiter before the second.
Result<void> read_description(std::string_view& rest, const Kind& kind, std::size_t limit,
                              EncryptedBody& body) {
    if (!take_delimiter_line(rest, kind.boundary)) return malformed("it does not begin with its boundary");
    bool typed = false;
    bool described = false;
    for (std::size_t count = 0; !take_delimiter_line(rest, kind.boundary); ++count) {
        if (rest.starts_with(line_end) && count < max_part_headers) {
            rest.remove_prefix(2);
            continue;
        }
        const auto header = take_header(rest);
        if (!header || count >= max_part_headers)
            return malformed("the headers of its first part are not valid");
        if (same_without_case(header->name, "Content-Type")) {
            if (typed || !same_without_case(header->value, kind.protocol)) {
                return malformed("its first part is of another protocol than its Content-Type");
            }
            typed = true;
        } else if (same_without_case(header->name, "OriginalContent")) {
            if (described) return malformed("it has OriginalContent twice");
            MULLION_TRY(read_original_content(header->value, limit, body));
            described = true;
        }
    }
    if (!typed || !described) return malformed("its first part lacks Content-Type or OriginalContent");
    return {};
}

// Takes the closing delimiter off the end, behind which no line ends are left. Sealed bytes may hold
// anything, so only the last one counts.
bool drop_closing_delimiter(std::string_view& rest, std::string_view boundary) {
    std::string_view ahead = rest;
    if (!ahead.ends_with("--")) return false;
    ahead.remove_suffix(2);
    if (!ahead.ends_with(boundary)) return false;
    ahead.remove_suffix(boundary.size());
    // With Exchange's blank, unless the boundary itself is what has it.
    if (ahead.ends_with("-- ")) ahead.remove_suffix(1);
    if (!ahead.ends_with("--")) return false;
    ahead.remove_suffix(2);
    rest = ahead;
    return true;
}

// Where the delimiter behind a chunk begins, and whether it is the one that closes. Sealed bytes may hold
// anything; but no mechanism makes less of them than signature and text together, so only what stands behind
// that many is looked at.
struct ChunkEnd {
    std::size_t at = 0;
    bool last = false;
};
std::optional<ChunkEnd> find_chunk_end(std::string_view bytes, std::size_t at_least, const Kind& kind) {
    for (auto at = bytes.find("--", at_least); at != std::string_view::npos; at = bytes.find("--", at + 1)) {
        std::string_view rest = bytes.substr(at);
        if (take_delimiter_line(rest, kind.boundary)) {
            const auto header = take_header(rest);
            if (header && same_without_case(header->name, "Content-Type")) return ChunkEnd{at, false};
            continue;
        }
        if (!drop_closing_delimiter(rest, kind.boundary)) return std::nullopt;
        if (rest.empty()) return ChunkEnd{at, true};
    }
    return std::nullopt;
}

// Takes what is sealed off the front, and its delimiter unless another chunk begins with that.
Result<std::string_view> take_sealed(std::string_view& rest, const Kind& kind, std::size_t signature,
                                     std::size_t original_length) {
    if (!kind.many) {
        std::string_view sealed = std::exchange(rest, {});
        if (!drop_closing_delimiter(sealed, kind.boundary))
            return malformed("it does not end with its boundary");
        return sealed;
    }
    const auto end = find_chunk_end(rest, 4 + signature + original_length, kind);
    if (!end) return malformed("it does not end with its boundary");
    const auto sealed = rest.substr(0, end->at);
    rest = end->last ? std::string_view() : rest.substr(end->at);
    return sealed;
}

// The second part: one header, then binary without an empty line between. [MS-WSMV] 2.2.9.1.1.2
Result<void> read_sealed(std::string_view& rest, const Kind& kind, EncryptedBody& body) {
    const auto header = take_header(rest);
    if (!header || !same_without_case(header->name, "Content-Type") ||
        !same_without_case(header->value, sealed_type)) {
        return malformed("its second part is not application/octet-stream");
    }
    std::size_t length = 0;
    for (unsigned i = 4; i-- > 0;)
        length = (length << 8) | (i < rest.size() ? static_cast<unsigned char>(rest[i]) : 0);
    const std::size_t in_bounds = std::min(length, max_signature);
    MULLION_ASSIGN(std::string_view sealed, take_sealed(rest, kind, in_bounds, body.original_length));
    if (sealed.size() < 4) return malformed("it is cut off");
    sealed.remove_prefix(4);
    if (length > max_signature || length > sealed.size()) {
        return malformed(fmt::format("its signature is said to have {} bytes of {}", length, sealed.size()));
    }
    body.signature = sealed.substr(0, length);
    body.sealed = sealed.substr(length);
    return {};
}

void append_chunk(std::string& out, const EncryptedBody& chunk) {
    fmt::format_to(std::back_inserter(out),
                   "--{0}\r\n\tContent-Type: {1}\r\n\tOriginalContent: type={2};Length={3}\r\n--{0}\r\n"
                   "\tContent-Type: {4}\r\n",
                   our_boundary, chunk.protocol, chunk.original_type, chunk.original_length, sealed_type);
    for (unsigned i = 0; i < 4; ++i) out += static_cast<char>((chunk.signature.size() >> (8 * i)) & 0xFF);
    out.append(chunk.signature).append(chunk.sealed);
}

}  // namespace

std::string encrypted_content_type(std::string_view protocol, std::size_t chunks) {
    return fmt::format("{};protocol=\"{}\";boundary=\"{}\"", chunks > 1 ? many_chunks : one_chunk, protocol,
                       our_boundary);
}

std::string write_encrypted(std::span<const EncryptedBody> chunks) {
    std::size_t size = 0;
    for (const auto& chunk : chunks)
        size += chunk.protocol.size() + chunk.original_type.size() + chunk.signature.size() +
                chunk.sealed.size() + 256;
    std::string out;
    out.reserve(size);
    for (const auto& chunk : chunks) append_chunk(out, chunk);
    out.append("--").append(our_boundary).append("--\r\n");
    return out;  // What append() returns would be copied.
}

std::size_t largest_encrypted(std::size_t limit) {
    return limit + limit / 16 + max_framing;
}

Result<std::vector<EncryptedBody>> read_encrypted(std::string_view content_type, std::string_view body,
                                                  std::size_t limit) {
    MULLION_ASSIGN(const Kind kind, read_kind(content_type));
    if (body.size() > largest_encrypted(limit)) {
        return malformed(fmt::format("it has {} bytes, the limit is {}", body.size(), limit));
    }
    // Here, and not at each delimiter that may be the last one: there may be as many of both.
    while (body.ends_with(line_end)) body.remove_suffix(line_end.size());
    std::vector<EncryptedBody> chunks;
    std::size_t length = 0;
    do {
        EncryptedBody chunk;
        chunk.protocol = kind.protocol;
        MULLION_TRY(read_description(body, kind, limit - length, chunk));
        MULLION_TRY(read_sealed(body, kind, chunk));
        length += chunk.original_length;
        if (!chunks.empty() && chunk.original_type != chunks.front().original_type)
            return malformed("its chunks are of several types");
        chunks.push_back(std::move(chunk));
    } while (!body.empty());
    return chunks;
}

bool is_encrypted(std::string_view content_type) {
    const auto media = parse_media_type(content_type);
    return media && is_encrypted(*media);
}

bool is_encrypted(const MediaType& media) {
    return media.type == one_chunk || media.type == many_chunks;
}

}  // namespace mullion::http
