// A store's key file: an error without a key in it, or a file that is written as it was read. And a wrapped
// key.
#include <cstdint>
#include <string_view>

#include "check.h"
#include "secrets/managers/key_file.h"

using namespace mullion::secrets;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto parts = parse_wrapped(text))
        FUZZ_CHECK(wrapped_blob(parts->key_id, parts->sealed) == text);
    const auto file = parse_key_file(text);
    if (!file.ok()) {
        FUZZ_CHECK(file.error().id == mullion::ErrorId::secrets_key);
        return 0;
    }
    FUZZ_CHECK(!file->keys.empty() && file->keys.size() <= most_keys);
    const auto again = parse_key_file(key_file_text(*file).expose());
    FUZZ_CHECK(again.ok() && again->keys.size() == file->keys.size());
    for (std::size_t i = 0; i < file->keys.size(); ++i)
        FUZZ_CHECK(again->keys[i].number == file->keys[i].number &&
                   again->keys[i].bytes.same_as(file->keys[i].bytes));
    // Without a passphrase it opens where there is none, and at no cost.
    FUZZ_CHECK(open_keys(*file, mullion::Secret()).ok() == !file->protection.has_value());
    return 0;
}
