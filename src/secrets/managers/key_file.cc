#include "secrets/managers/key_file.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "crypto/aead.h"
#include "crypto/hash.h"
#include "encoding/base64.h"

namespace mullion::secrets {
namespace {

constexpr std::string_view first_line = "mullion-store-key 1";
constexpr char wrapped_version = 1;
constexpr std::size_t id_size = 8;
constexpr std::size_t wrapped_size = 1 + id_size + crypto::aead_key_size + crypto::aead_overhead;

Error wrong(std::string_view why) {
    return {ErrorId::secrets_key, fmt::format("the key file {}", why)};
}

std::optional<std::string_view> next_line(std::string_view& text) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

std::string_view next_word(std::string_view& line) {
    const auto end = line.find(' ');
    const auto word = line.substr(0, end);
    line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
    return word;
}

std::optional<std::uint32_t> number(std::string_view text) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || text.empty() ||
        (text[0] == '0' && text.size() > 1))
        return std::nullopt;
    return value;
}

Result<std::optional<KeyFile::Protection>> protection_in(std::string_view line) {
    if (line == "protection none") return std::optional<KeyFile::Protection>();
    if (next_word(line) != "protection" || next_word(line) != "argon2id")
        return wrong("names no protection that is known");
    const auto passes = number(next_word(line)), kib = number(next_word(line));
    auto salt = encoding::base64_decode(next_word(line));
    if (!passes || !kib || !salt || salt->size() != crypto::argon2_salt_size || !line.empty())
        return wrong("has a damaged line of protection");
    return std::optional(KeyFile::Protection{{*passes, *kib}, std::move(*salt)});
}

Result<KeyFile::Key> key_in(std::string_view line, std::size_t size) {
    if (next_word(line) != "key") return wrong("has a line that is no key");
    const auto which = number(next_word(line));
    auto bytes = encoding::base64_decode(next_word(line));
    const bool whole = which && *which > 0 && bytes && bytes->size() == size && line.empty();
    KeyFile::Key key;
    if (whole) key = {*which, Secret(*bytes)};
    if (bytes) wipe(*bytes);
    if (!whole) return wrong("has a damaged key");
    return key;
}

std::string key_name(std::uint32_t number) {
    return fmt::format("mullion store key {}", number);
}

}  // namespace

Result<KeyFile> parse_key_file(std::string_view text) {
    if (text.size() > largest_key_file) return wrong("is too long");
    auto line = next_line(text);
    if (!line || *line != first_line) return wrong("does not begin as one");
    line = next_line(text);
    if (!line) return wrong("ends too early");
    KeyFile file;
    MULLION_ASSIGN(file.protection, protection_in(*line));
    const auto size = crypto::aead_key_size + (file.protection ? crypto::aead_overhead : 0);
    while (!text.empty()) {
        line = next_line(text);
        if (!line) return wrong("ends within a line");
        MULLION_ASSIGN(auto key, key_in(*line, size));
        if (!file.keys.empty() && key.number <= file.keys.back().number) return wrong("has keys in disorder");
        if (file.keys.size() == most_keys) return wrong("has too many keys");
        file.keys.push_back(std::move(key));
    }
    if (file.keys.empty()) return wrong("has no key");
    return file;
}

Secret key_file_text(const KeyFile& file) {
    std::string text;
    text.reserve(largest_key_file);  // Growing would leave copies behind.
    text += fmt::format("{}\n", first_line);
    if (file.protection) {
        text += fmt::format("protection argon2id {} {} {}\n", file.protection->cost.passes,
                            file.protection->cost.memory_kib, encoding::base64_encode(file.protection->salt));
    } else {
        text += "protection none\n";
    }
    for (const auto& key : file.keys) {
        auto encoded = encoding::base64_encode(key.bytes.expose());
        text += fmt::format("key {} ", key.number);
        text += encoded;
        text += '\n';
        wipe(encoded);
    }
    Secret secret(text);
    wipe(text);
    return secret;
}

Result<std::vector<KeyFile::Key>> open_keys(const KeyFile& file, const Secret& passphrase) {
    std::vector<KeyFile::Key> keys;
    Secret opens;
    if (file.protection) {
        if (passphrase.empty()) return Error(ErrorId::secrets_key, "the key file wants a passphrase");
        MULLION_ASSIGN(opens,
                       crypto::key_from_passphrase(passphrase, file.protection->salt, file.protection->cost));
    }
    for (const auto& key : file.keys) {
        if (!file.protection) {
            keys.push_back({key.number, key.bytes.clone()});
            continue;
        }
        auto clear = crypto::unseal(opens, key_name(key.number), key.bytes.expose());
        if (!clear)
            return Error(ErrorId::secrets_key, "the passphrase is another one, or the key file was changed");
        keys.push_back({key.number, std::move(*clear)});
    }
    return keys;
}

Result<KeyFile> close_keys(const std::vector<KeyFile::Key>& keys, const Secret& passphrase,
                           const crypto::Argon2Cost& cost, Random& random) {
    KeyFile file;
    Secret closes;
    if (!passphrase.empty()) {
        std::array<std::uint8_t, crypto::argon2_salt_size> salt{};
        random.fill(salt);
        file.protection = {cost, std::string(salt.begin(), salt.end())};
        MULLION_ASSIGN(closes, crypto::key_from_passphrase(passphrase, file.protection->salt, cost));
    }
    for (const auto& key : keys) {
        Secret bytes = file.protection ? Secret(crypto::seal(closes, key_name(key.number), key.bytes, random))
                                       : key.bytes.clone();
        file.keys.push_back({key.number, std::move(bytes)});
    }
    return file;
}

std::optional<WrappedParts> parse_wrapped(std::string_view blob) {
    if (blob.size() != wrapped_size || blob[0] != wrapped_version) return std::nullopt;
    return WrappedParts{blob.substr(1, id_size), blob.substr(1 + id_size)};
}

std::string wrapped_blob(std::string_view key_id, std::string_view sealed) {
    return fmt::format("{}{}{}", wrapped_version, key_id, sealed);
}

std::string key_id_of(const Secret& key) {
    return crypto::hmac_sha256(key.expose(), "mullion store key id").substr(0, id_size);
}

}  // namespace mullion::secrets
