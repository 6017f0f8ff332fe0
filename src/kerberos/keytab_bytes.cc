#include "kerberos/keytab_bytes.h"

#include <fmt/core.h>

#include <optional>

namespace mullion::kerberos {
namespace {

constexpr std::size_t most_components = 16;

Error wrong(std::string_view what) {
    return {ErrorId::kerberos_keytab, fmt::format("the keytab {}", what)};
}

// Reads from the front. What is too short gives nothing, and nothing is read any more.
class Bytes {
public:
    explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

    template <class T>
    [[nodiscard]] std::optional<T> number() {
        const auto taken = take(sizeof(T));
        if (!taken) return std::nullopt;
        T value = 0;
        for (const char byte : *taken)
            value = static_cast<T>((value << 8U) | static_cast<unsigned char>(byte));
        return value;
    }
    [[nodiscard]] std::optional<std::string_view> take(std::size_t size) {
        if (size > bytes_.size()) {
            bytes_ = {};
            return std::nullopt;
        }
        const auto taken = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
        return taken;
    }
    // Behind its length.
    [[nodiscard]] std::optional<std::string_view> counted() {
        const auto size = number<std::uint16_t>();
        return size ? take(*size) : std::nullopt;
    }
    [[nodiscard]] std::size_t left() const { return bytes_.size(); }

private:
    std::string_view bytes_;
};

std::optional<KeytabEntry> read_entry(Bytes bytes) {
    KeytabEntry entry;
    const auto components = bytes.number<std::uint16_t>();
    const auto realm = bytes.counted();
    if (!components || !realm || *components == 0 || *components > most_components) return std::nullopt;
    entry.realm = *realm;
    for (unsigned i = 0; i < *components; ++i) {
        const auto component = bytes.counted();
        if (!component) return std::nullopt;
        entry.components.emplace_back(*component);
    }
    const auto name_type = bytes.number<std::uint32_t>();
    const auto timestamp = bytes.number<std::uint32_t>();
    const auto short_version = bytes.number<std::uint8_t>();
    const auto encryption = bytes.number<std::uint16_t>();
    const auto key = bytes.counted();
    if (!name_type || !timestamp || !short_version || !encryption || !key || key->empty())
        return std::nullopt;
    entry.name_type = *name_type;
    entry.timestamp = *timestamp;
    entry.encryption = *encryption;
    entry.key = Secret(*key);
    // A longer number may follow; 0 there says nothing.
    const auto version = bytes.number<std::uint32_t>();
    entry.version = version.value_or(0) != 0 ? *version : *short_version;
    return entry;
}

}  // namespace

Result<std::vector<KeytabEntry>> parse_keytab(const Secret& secret) {
    const auto text = secret.expose();
    if (text.size() > largest_keytab) return wrong(fmt::format("has {} bytes", text.size()));
    Bytes bytes(text);
    const auto format = bytes.number<std::uint16_t>();
    if (format == 0x0501) return wrong("is of the old form 0x0501, which depends on the machine");
    if (format != 0x0502) return wrong("does not begin as one (05 02)");
    std::vector<KeytabEntry> entries;
    while (bytes.left() > 0) {
        const auto raw = bytes.number<std::uint32_t>();
        if (!raw) return wrong("ends within an entry");
        if (*raw == 0) break;  // The library writes it as the end.
        const auto size = static_cast<std::int32_t>(*raw);
        // As unsigned: the least number has no positive.
        const auto length = size < 0 ? std::size_t{~*raw} + 1 : std::size_t{*raw};
        const auto part = bytes.take(length);
        if (!part) return wrong("ends within an entry");
        if (size < 0) continue;
        auto entry = read_entry(Bytes(*part));
        if (!entry) return wrong(fmt::format("has an entry that is none: number {}", entries.size() + 1));
        if (entries.size() == most_keytab_entries) return wrong("has too many entries");
        entries.push_back(std::move(*entry));
    }
    if (entries.empty()) return wrong("has no key");
    return entries;
}

}  // namespace mullion::kerberos
