// ansible-vault's texts: whatever the bytes, an error, or what they hold.
#include <string_view>

#include "check.h"
#include "inventory/vault.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mullion;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static const auto passwords = [] {
        std::vector<inventory::VaultPassword> all;
        all.push_back({"default", "default", Secret("correct horse")});
        return all;
    };
    static const inventory::Vault vault(passwords());
    const auto opened = vault.open(text);
    if (opened.ok()) {
        FUZZ_CHECK(text.starts_with("$ANSIBLE_VAULT;") ||
                   text.find("$ANSIBLE_VAULT") != std::string_view::npos);
        FUZZ_CHECK(opened->expose().size() < text.size() / 4);
    } else {
        FUZZ_CHECK(opened.error().id == ErrorId::inventory_vault && !opened.error().detail.empty());
    }
    return 0;
}
