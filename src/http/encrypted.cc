#include "http/encrypted.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

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
constexpr std::size_t max_framing = 4096;    // Both parts' headers, delimiters and the signature.

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

// Takes the closing delimiter off the end. Sealed bytes may hold anything, so only the last one counts.
bool drop_closing_delimiter(std::string_view& rest, std::string_view boundary) {
    std::string_view ahead = rest;
    while (ahead.ends_with(line_end)) ahead.remove_suffix(2);
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

// True when another chunk's description stands in the sealed bytes of a multipart/x-multi-encrypted.
bool has_another_chunk(std::string_view sealed, const Kind& kind) {
    for (auto at = sealed.find("--"); at != std::string_view::npos; at = sealed.find("--", at + 1)) {
        std::string_view rest = sealed.substr(at);
        if (!take_delimiter_line(rest, kind.boundary)) continue;
        const auto header = take_header(rest);
        if (header && same_without_case(header->name, "Content-Type")) return true;
    }
    return false;
}

// The second part: one header, then binary without an empty line between. [MS-WSMV] 2.2.9.1.1.2
Result<void> read_sealed(std::string_view rest, const Kind& kind, EncryptedBody& body) {
    const auto header = take_header(rest);
    if (!header || !same_without_case(header->name, "Content-Type") ||
        !same_without_case(header->value, sealed_type)) {
        return malformed("its second part is not application/octet-stream");
    }
    if (!drop_closing_delimiter(rest, kind.boundary)) return malformed("it does not end with its boundary");
    if (rest.size() < 4) return malformed("it is cut off");
    std::size_t length = 0;
    for (unsigned i = 4; i-- > 0;) length = (length << 8) | static_cast<unsigned char>(rest[i]);
    rest.remove_prefix(4);
    if (length > max_signature || length > rest.size()) {
        return malformed(fmt::format("its signature is said to have {} bytes of {}", length, rest.size()));
    }
    body.signature = rest.substr(0, length);
    rest.remove_prefix(length);
    if (kind.many && has_another_chunk(rest, kind))
        return malformed("it comes in several chunks, which are not supported");
    body.sealed = rest;
    return {};
}

}  // namespace

std::string encrypted_content_type(std::string_view protocol) {
    return fmt::format("{};protocol=\"{}\";boundary=\"{}\"", one_chunk, protocol, our_boundary);
}

std::string write_encrypted(const EncryptedBody& body) {
    std::string out = fmt::format(
        "--{0}\r\n\tContent-Type: {1}\r\n\tOriginalContent: type={2};Length={3}\r\n--{0}\r\n\tContent-Type: "
        "{4}\r\n",
        our_boundary, body.protocol, body.original_type, body.original_length, sealed_type);
    out.reserve(out.size() + body.signature.size() + body.sealed.size() + our_boundary.size() + 16);
    for (unsigned i = 0; i < 4; ++i) out += static_cast<char>((body.signature.size() >> (8 * i)) & 0xFF);
    out.append(body.signature).append(body.sealed);
    return out.append("--").append(our_boundary).append("--\r\n");
}

Result<EncryptedBody> read_encrypted(std::string_view content_type, std::string_view body,
                                     std::size_t limit) {
    MULLION_ASSIGN(const Kind kind, read_kind(content_type));
    if (body.size() > max_framing && body.size() - max_framing > limit) {
        return malformed(fmt::format("it has {} bytes, the limit is {}", body.size(), limit));
    }
    EncryptedBody read;
    read.protocol = kind.protocol;
    MULLION_TRY(read_description(body, kind, limit, read));
    MULLION_TRY(read_sealed(body, kind, read));
    return read;
}

bool is_encrypted(std::string_view content_type) {
    const auto media = parse_media_type(content_type);
    return media && is_encrypted(*media);
}

bool is_encrypted(const MediaType& media) {
    return media.type == one_chunk || media.type == many_chunks;
}

}  // namespace mullion::http
