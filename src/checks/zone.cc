#include "checks/zone.h"

#include <algorithm>

#include "os/file.h"

namespace mullion::checks {
namespace {

constexpr std::size_t largest = 64 * 1024;

// Big-endian numbers from front to back; what is missing makes it bad, and 0.
class Bytes {
public:
    explicit Bytes(std::string_view bytes) : left_(bytes) {}

    [[nodiscard]] std::uint64_t number(std::size_t size) {
        const auto bytes = take(size);
        std::uint64_t value = 0;
        for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
        return value;
    }
    [[nodiscard]] std::string_view take(std::size_t size) {
        if (size > left_.size()) {
            good_ = false;
            size = left_.size();
        }
        const auto taken = left_.substr(0, size);
        left_.remove_prefix(size);
        return taken;
    }
    [[nodiscard]] bool good() const { return good_; }

private:
    std::string_view left_;
    bool good_ = true;
};

// RFC 8536 3.1: what follows it, in this order.
struct Header {
    bool good = false;
    std::uint64_t ut = 0, standard = 0, leaps = 0, times = 0, types = 0, characters = 0;

    // Of the block behind it, whose times have so many bytes each.
    [[nodiscard]] std::uint64_t size(std::uint64_t width) const {
        return times * (width + 1) + types * 6 + characters + leaps * (width + 4) + standard + ut;
    }
};

Header read_header(Bytes& bytes) {
    Header header;
    header.good = bytes.take(4) == "TZif";
    const auto version = bytes.take(1);
    header.good = header.good && !version.empty() && version.front() >= '2';
    (void)bytes.take(15);
    for (auto* count :
         {&header.ut, &header.standard, &header.leaps, &header.times, &header.types, &header.characters})
        *count = bytes.number(4);
    header.good = header.good && bytes.good() && header.types > 0 && header.types <= 256 &&
                  header.times <= largest && header.size(8) <= largest;
    return header;
}

bool good_name(std::string_view name) {
    const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '+' || c == '-' || c == '/';
    });
    return plain && !name.empty() && name.size() < 100 && name.front() != '/';
}

}  // namespace

std::optional<Zone> Zone::parse(std::string_view file) {
    if (file.size() > largest) return {};
    Bytes bytes(file);
    // The first block has times of 32 bits, and is there for old readers.
    const auto narrow = read_header(bytes);
    if (!narrow.good) return {};
    (void)bytes.take(narrow.size(4));
    const auto header = read_header(bytes);
    if (!header.good) return {};
    Zone zone;
    for (std::uint64_t i = 0; i < header.times; ++i)
        zone.changes_.push_back({static_cast<std::int64_t>(bytes.number(8)), 0});
    const auto kinds = bytes.take(header.times);
    std::vector<std::int32_t> offsets;
    for (std::uint64_t i = 0; i < header.types; ++i) {
        offsets.push_back(static_cast<std::int32_t>(bytes.number(4)));
        (void)bytes.take(2);
    }
    if (!bytes.good()) return {};
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        const auto kind = static_cast<unsigned char>(kinds[i]);
        if (kind >= offsets.size() || (i > 0 && zone.changes_[i].at <= zone.changes_[i - 1].at)) return {};
        zone.changes_[i].offset = offsets[kind];
    }
    // More than a day is no zone (RFC 8536 3.2 asks for less than 26 hours).
    if (std::any_of(offsets.begin(), offsets.end(),
                    [](std::int32_t offset) { return offset < -93'600 || offset > 93'600; }))
        return {};
    zone.first_ = offsets[0];
    return zone;
}

std::int32_t Zone::offset_at(std::int64_t unix_seconds) const {
    const auto behind =
        std::upper_bound(changes_.begin(), changes_.end(), unix_seconds,
                         [](std::int64_t at, const Change& change) { return at < change.at; });
    return behind == changes_.begin() ? first_ : std::prev(behind)->offset;
}

Result<Zone> Zone::named(std::string_view name) {
    const auto plain = name.starts_with(':') ? name.substr(1) : name;
    if (good_name(plain)) {
        const auto file = os::read_file("/usr/share/zoneinfo/" + std::string(plain), largest);
        if (file)
            if (auto zone = parse(*file)) return *std::move(zone);
    }
    return Error(ErrorId::usage_invalid,
                 "--timezone: '" + std::string(name) + "' is no zone of /usr/share/zoneinfo.");
}

}  // namespace mullion::checks
