// What the service and the process of a caller that answers about CIM (docs/adr/0039) say to each other over
// two pipes: the question by its stdin, frames by its stdout. One type for each direction, so that neither
// can send a message meant for the other. What comes back was made by a process of the caller's, so it is
// bounded and strict: unknown is refused.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace mullion::cim {

inline constexpr std::size_t ask_limit = 8 << 20;   // Bytes of a request's envelope.
inline constexpr std::size_t item_limit = 8 << 20;  // Of one instance, or an answer.
inline constexpr std::size_t answer_id_limit = 2048;
inline constexpr std::size_t failure_text_limit = 8192;
inline constexpr std::size_t frame_extra = 8192 + 512;  // Beside an item: a failure fits into it.
inline constexpr std::size_t frame_limit = item_limit + frame_extra;  // Of one frame behind its length.

// ---- service → host ----
// One, and then the end of the pipe.
struct Ask {
    std::string answer_id;  // The MessageID of an answer's envelope.
    std::string envelope;   // The request, UTF-8 XML.
    // Bytes of an item that the service takes; a larger one ends the conversation, so the host leaves it out.
    std::uint32_t most_item = item_limit;
    bool operator==(const Ask&) const = default;
};

// ---- host → service ----
// One item of an enumeration, as it stands in Items: XML that stands on its own.
struct Item {
    std::string xml;
    bool operator==(const Item&) const = default;
};
// To everything but Enumerate: the whole envelope. Nothing follows.
struct Answer {
    std::string envelope;
    bool operator==(const Answer&) const = default;
};
// Instead of an Answer or an End; items may have come before it. What wsman::make_fault() makes a fault of.
struct Failure {
    std::uint32_t code = 0;                           // WS-Management's, or Windows' own.
    std::string message;                              // What happened; the innermost text of the fault.
    std::string provider;                             // Whose: "WMI Provider". Empty: of the service itself.
    std::optional<std::uint32_t> provider_code = {};  // WMI's (WBEM_E_…), inside the provider's fault.
    bool operator==(const Failure&) const = default;
};
// The enumeration is over, and whole. Where the pipe ends without it, it was cut off.
struct End {
    bool operator==(const End&) const = default;
};
using FromHost = std::variant<Item, Answer, Failure, End>;

// Texts of a Failure are cut at their limit; an id, envelope or item over its limit throws
// std::length_error: whoever makes one asks first.
[[nodiscard]] std::string encode(const Ask& ask);
// Nothing for whatever is not exactly one well-formed question.
[[nodiscard]] std::optional<Ask> decode_ask(std::string_view bytes);

[[nodiscard]] std::string encode(const FromHost& frame);
// The same of many, without a string for each.
void append_item(std::string& out, std::string_view xml);
void append(std::string& out, const FromHost& frame);

// Frames out of pieces of any size.
class FrameReader {
public:
    // `most`: bytes of an item or answer; failures are taken in any case.
    explicit FrameReader(std::size_t most = item_limit) : most_(std::min(most, item_limit) + frame_extra) {}

    void feed(std::string_view bytes);
    // The next whole frame. Nothing: more bytes are needed, or it is broken().
    [[nodiscard]] std::optional<FromHost> next();
    // What came is none of this language, or is over its limits. Nothing more will come of it.
    [[nodiscard]] bool broken() const { return broken_; }
    // It is broken by what may be a frame, and is larger than is taken here.
    [[nodiscard]] bool too_large() const { return too_large_; }
    // Nothing of a further frame is here: a good place for the pipe to end.
    [[nodiscard]] bool at_boundary() const { return !broken_ && taken_ == buffer_.size(); }
    // Bytes that wait for the rest of their frame.
    [[nodiscard]] std::size_t waiting() const { return buffer_.size() - taken_; }
    // Bytes of memory that hold those, and what was taken and is not let go of yet.
    [[nodiscard]] std::size_t held() const { return buffer_.capacity(); }

private:
    [[nodiscard]] std::optional<FromHost> refuse(std::size_t length);
    void let_go();

    std::size_t most_;  // Of one frame.
    std::string buffer_;
    std::size_t taken_ = 0;  // Of the buffer.
    bool broken_ = false;
    bool too_large_ = false;
};

}  // namespace mullion::cim
