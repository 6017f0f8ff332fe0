#include "inventory/vault.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "source_dir/source_dir.h"

namespace mullion::inventory {
namespace {

// Made by ansible-vault itself: tests/data/README.md.
std::string sample(const std::string& name) {
    std::ifstream file(source_dir() + "/src/inventory/tests/data/" + name);
    return {std::istreambuf_iterator<char>(file), {}};
}

VaultPassword password(std::string label, std::string_view text) {
    return {label, label + ".txt", Secret(text)};
}

template <class... Passwords>
Vault vault_with(Passwords... passwords) {
    std::vector<VaultPassword> all;
    (all.push_back(std::move(passwords)), ...);
    return Vault(std::move(all));
}

std::string opened(const Vault& vault, std::string_view armour) {
    const auto text = vault.open(armour);
    return text.ok() ? std::string(text->expose()) : "error: " + Error(text.error()).detail;
}

TEST(Vault, OpensWhatAnsibleVaultMade) {
    const Vault vault = vault_with(password("default", "correct horse"), password("prod", "Tr0ub4dor&3"));
    EXPECT_EQ(opened(vault, sample("value-1.1.vault")), "S3cret!");
    EXPECT_EQ(opened(vault, sample("value-1.2.vault")), "pässword – 16 by");
    EXPECT_EQ(opened(vault, sample("empty.vault")), "");
    EXPECT_EQ(opened(vault, sample("variables.vault")),
              "---\nansible_user: admin\nansible_password: \"p4ss: word\"\n");
}

TEST(Vault, TriesThePasswordOfThatLabelFirstAndThenTheOthers) {
    const Vault right = vault_with(password("default", "wrong"), password("prod", "Tr0ub4dor&3"));
    EXPECT_EQ(opened(right, sample("value-1.2.vault")), "pässword – 16 by");
    EXPECT_EQ(right.derivations(), 1U);
    const Vault other = vault_with(password("prod", "wrong"), password("dev", "Tr0ub4dor&3"));
    EXPECT_EQ(opened(other, sample("value-1.2.vault")), "pässword – 16 by");
    EXPECT_EQ(other.derivations(), 2U);
}

TEST(Vault, DerivesAKeyOncePerSalt) {
    const Vault vault = vault_with(password("default", "correct horse"));
    for (int i = 0; i < 100; ++i) EXPECT_EQ(opened(vault, sample("value-1.1.vault")), "S3cret!");
    EXPECT_EQ(vault.derivations(), 1U);
}

TEST(Vault, TakesLineEndsOfWindowsAndNoEnd) {
    const Vault vault = vault_with(password("default", "correct horse"));
    std::string text = sample("value-1.1.vault"), crlf;
    for (const char c : text) crlf += c == '\n' ? "\r\n" : std::string(1, c);
    EXPECT_EQ(opened(vault, crlf), "S3cret!");
    text.pop_back();
    EXPECT_EQ(opened(vault, text), "S3cret!");
}

TEST(Vault, TellsWhatIsWrongApart) {
    const std::string text = sample("value-1.2.vault");
    EXPECT_EQ(opened(vault_with(), text), "error: it is labelled prod, and no vault password is given");
    const Vault wrong = vault_with(password("default", "x"), password("prod", "y"));
    EXPECT_EQ(opened(wrong, text),
              "error: it is labelled prod, and no password given fits (default from default.txt, prod "
              "from prod.txt), or its text was changed");
    EXPECT_EQ(opened(wrong, "hello"),
              "error: it is not ansible-vault's: it does not begin with $ANSIBLE_VAULT;");
    EXPECT_EQ(opened(wrong, ""), "error: it is not ansible-vault's: it does not begin with $ANSIBLE_VAULT;");
    EXPECT_EQ(opened(wrong, "$ANSIBLE_VAULT;1.1"),
              "error: its first line is cut: $ANSIBLE_VAULT;VERSION;AES256 is wanted");
    EXPECT_EQ(opened(wrong, "$ANSIBLE_VAULT;1.0;AES\n3132"),
              "error: its format 1.0 is not known (1.1 and 1.2 are)");
    EXPECT_EQ(opened(wrong, "$ANSIBLE_VAULT;1.1;AES\n3132"),
              "error: its cipher AES is not known (AES256 is)");
    EXPECT_EQ(opened(wrong, "$ANSIBLE_VAULT;1.1;AES256\n"),
              "error: the text is damaged: nothing follows its first line");
    EXPECT_EQ(opened(wrong, "$ANSIBLE_VAULT;1.1;AES256\nzz\n"),
              "error: the text is damaged: it is not hexadecimal throughout");
    EXPECT_EQ(wrong.derivations(), 2U);
}

TEST(Vault, RefusesEveryTruncation) {
    const Vault vault = vault_with(password("default", "correct horse"));
    const std::string text = sample("value-1.1.vault");
    for (std::size_t size = 0; size + 1 < text.size(); ++size) {  // The last byte is a newline.
        const auto cut = vault.open(std::string_view(text).substr(0, size));
        ASSERT_FALSE(cut.ok()) << size;
        EXPECT_EQ(cut.error().id, ErrorId::inventory_vault);
    }
}

TEST(Vault, RefusesEveryChangedDigit) {
    const Vault vault = vault_with(password("default", "correct horse"));
    const std::string text = sample("value-1.1.vault");
    const std::size_t body = text.find('\n') + 1;
    for (std::size_t at = body; at < text.size(); at += 7) {
        if (text[at] == '\n') continue;
        std::string changed = text;
        changed[at] = changed[at] == '3' ? '4' : '3';
        EXPECT_FALSE(vault.open(changed).ok()) << at;
    }
}

TEST(Vault, KnowsItsTexts) {
    EXPECT_TRUE(is_vaulted("$ANSIBLE_VAULT;1.1;AES256\n"));
    EXPECT_FALSE(is_vaulted("$ANSIBLE_VAULT"));
    EXPECT_FALSE(is_vaulted(" $ANSIBLE_VAULT;1.1;AES256\n"));
}

}  // namespace
}  // namespace mullion::inventory
