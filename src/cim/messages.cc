#include "cim/messages.h"

#include <stdexcept>

#include "cim/machine.h"
#include "encoding/utf16.h"

namespace mullion::cim {
namespace {

// The first byte of a frame, behind its length. No number is used in both directions.
enum Tag : std::uint8_t {
    tag_ask = 1,
    tag_item = 65,
    tag_answer = 66,
    tag_failure = 67,
    tag_end = 68,
};

constexpr std::size_t length_bytes = 4;
constexpr std::size_t provider_limit = 256;
constexpr std::size_t small_buffer = 128 * 1024;  // Is kept for the next frames.

// Integers are little-endian of fixed width; a text is its length in 4 bytes and its bytes. A frame is the
// length of what follows, in 4 bytes, a tag, and its fields.
void put_number(std::string& out, std::uint32_t value) {
    for (unsigned shift = 0; shift < 32; shift += 8) out += static_cast<char>((value >> shift) & 0xFF);
}

void put_text(std::string& out, std::string_view text, std::size_t limit) {
    if (text.size() > limit) throw std::length_error("a text is too long for its frame");
    put_number(out, static_cast<std::uint32_t>(text.size()));
    out += text;
}

// At a character's end.
std::string cut(std::string text, std::size_t limit) {
    if (text.size() <= limit) return text;
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) --limit;
    text.resize(limit);
    return text;
}

// One frame while it is written: its length stands in front of it when it is done.
class Frame {
public:
    Frame(std::string& out, Tag tag) : out_(out), start_(out.size()) {
        put_number(out_, 0);
        out_ += static_cast<char>(tag);
    }
    Frame(const Frame&) = delete;
    Frame& operator=(const Frame&) = delete;
    ~Frame() {
        const auto length = out_.size() - start_ - length_bytes;
        for (std::size_t i = 0; i < length_bytes; ++i)
            out_[start_ + i] = static_cast<char>((length >> (8 * i)) & 0xFF);
    }

private:
    std::string& out_;
    std::size_t start_;
};

std::uint32_t number_at(std::string_view bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < length_bytes; ++i)
        value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    return value;
}

// Remembers the first failure; what is read after it is worthless, and done() says so.
class Reader {
public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}

    std::uint8_t byte() {
        if (rest_.empty()) return fail<std::uint8_t>();
        const auto value = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return value;
    }
    std::uint32_t number() {
        if (rest_.size() < length_bytes) return fail<std::uint32_t>();
        const auto value = number_at(rest_);
        rest_.remove_prefix(length_bytes);
        return value;
    }
    bool flag() {
        const auto value = byte();
        return value <= 1 ? value == 1 : fail<bool>();
    }
    std::string text(std::size_t limit) {
        const auto size = number();
        if (!good_ || size > limit || size > rest_.size()) return fail<std::string>();
        std::string value(rest_.substr(0, size));
        rest_.remove_prefix(size);
        return value;
    }
    [[nodiscard]] bool done() const { return good_ && rest_.empty(); }

private:
    template <class T>
    T fail() {
        good_ = false;
        rest_ = {};
        return T{};
    }
    std::string_view rest_;
    bool good_ = true;
};

void put(std::string& out, const Ask& ask) {
    const Frame frame(out, tag_ask);
    put_text(out, ask.answer_id, answer_id_limit);
    put_text(out, ask.envelope, ask_limit);
    put_number(out, ask.most_item);
}
void put(std::string& out, const Item& item) {
    append_item(out, item.xml);
}
void put(std::string& out, const Answer& answer) {
    if (answer.envelope.size() > item_limit) throw std::length_error("an answer is too long for a frame");
    const Frame frame(out, tag_answer);
    put_text(out, answer.envelope, item_limit);
}
void put(std::string& out, const Failure& failure) {
    const Frame frame(out, tag_failure);
    put_number(out, failure.code);
    put_text(out, cut(readable(failure.message), failure_text_limit), failure_text_limit);
    put_text(out, cut(readable(failure.provider), provider_limit), provider_limit);
    out += static_cast<char>(failure.provider_code ? 1 : 0);
    if (failure.provider_code) put_number(out, *failure.provider_code);
}
void put(std::string& out, const End&) {
    const Frame frame(out, tag_end);
}

Failure read_failure(Reader& in) {
    Failure failure;
    failure.code = in.number();
    failure.message = in.text(failure_text_limit);
    failure.provider = in.text(provider_limit);
    if (in.flag()) failure.provider_code = in.number();
    return failure;
}

// What is no UTF-8 would become somebody's error message.
bool is_text(const FromHost& frame) {
    const auto* failure = std::get_if<Failure>(&frame);
    return failure == nullptr ||
           (encoding::is_utf8(failure->message) && encoding::is_utf8(failure->provider));
}

std::optional<FromHost> decode_frame(std::string_view bytes) {
    Reader in(bytes);
    FromHost frame;
    switch (in.byte()) {
        case tag_item:
            frame = Item{in.text(item_limit)};
            break;
        case tag_answer:
            frame = Answer{in.text(item_limit)};
            break;
        case tag_failure:
            frame = read_failure(in);
            break;
        case tag_end:
            frame = End{};
            break;
        default:
            return std::nullopt;
    }
    if (!in.done() || !is_text(frame)) return std::nullopt;
    return frame;
}

}  // namespace

std::string encode(const Ask& ask) {
    std::string out;
    out.reserve(ask.envelope.size() + ask.answer_id.size() + 16);
    put(out, ask);
    return out;
}

std::optional<Ask> decode_ask(std::string_view bytes) {
    if (bytes.size() < length_bytes || number_at(bytes) != bytes.size() - length_bytes) return std::nullopt;
    Reader in(bytes.substr(length_bytes));
    if (in.byte() != tag_ask) return std::nullopt;
    Ask ask;
    ask.answer_id = in.text(answer_id_limit);
    ask.envelope = in.text(ask_limit);
    ask.most_item = in.number();
    if (!in.done()) return std::nullopt;
    return ask;
}

std::string encode(const FromHost& frame) {
    std::string out;
    append(out, frame);
    return out;
}

void append_item(std::string& out, std::string_view xml) {
    if (xml.size() > item_limit) throw std::length_error("an item is too long for a frame");
    const Frame frame(out, tag_item);
    put_text(out, xml, item_limit);
}

void append(std::string& out, const FromHost& frame) {
    std::visit([&](const auto& one) { put(out, one); }, frame);
}

void FrameReader::feed(std::string_view bytes) {
    if (broken_) return;
    buffer_.erase(0, taken_);
    taken_ = 0;
    buffer_ += bytes;
}

// Its memory is somebody's share, and may be wanted for nothing for minutes.
void FrameReader::let_go() {
    if (taken_ < buffer_.size() && taken_ < small_buffer / 2) return;
    buffer_.erase(0, taken_);
    taken_ = 0;
    if (buffer_.capacity() > small_buffer && buffer_.size() <= buffer_.capacity() / 2)
        buffer_.shrink_to_fit();
}

std::optional<FromHost> FrameReader::refuse(std::size_t length) {
    broken_ = true;
    too_large_ = length > most_ && length <= frame_limit;
    return std::nullopt;
}

std::optional<FromHost> FrameReader::next() {
    const auto rest = std::string_view(buffer_).substr(taken_);
    if (broken_ || rest.size() < length_bytes) return std::nullopt;
    const auto length = number_at(rest);
    // Before its bytes are waited for: nobody may fill this memory with a length.
    if (length == 0 || length > most_) return refuse(length);
    if (rest.size() - length_bytes < length) return std::nullopt;
    auto frame = decode_frame(rest.substr(length_bytes, length));
    broken_ = !frame.has_value();
    taken_ += length_bytes + length;
    let_go();
    return frame;
}

}  // namespace mullion::cim
